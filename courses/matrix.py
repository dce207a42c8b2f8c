"""The coverage matrix: for each competency of a course what claims it, teaches it, asks it and draws it."""

from collections import Counter

from courses.model import Course


def coverage_matrix(course: Course) -> str:
    """Return a plain text table with one row a competency: claimed level, items by level, items checked in lessons,
    items the assessment draws at least."""
    claims = {claim.code: claim.level for claim in course.competencies}
    by_level: dict[str, Counter[int]] = {}
    for item in course.bank.items:
        by_level.setdefault(item.competency or "–", Counter())[item.level or 0] += 1
    placed = {check for lesson in course.lessons for check in lesson.checks}
    checked = Counter(item.competency or "–" for item in course.bank.items if item.id in placed)
    drawn: Counter[str] = Counter()
    for draw in course.exam.draws if course.exam else ():
        if draw.competency:
            drawn[draw.competency] += draw.count
    levels = sorted({level for counts in by_level.values() for level in counts})
    header = [
        "competency",
        "claimed",
        *(f"items level {level}" if level else "items no level" for level in levels),
        "checked",
        "drawn",
    ]
    rows = [header]
    for code in sorted(set(claims) | set(by_level) | set(drawn)):
        counts = by_level.get(code, Counter())
        rows.append(
            [
                code,
                str(claims.get(code, "–")),
                *(str(counts[level]) for level in levels),
                str(checked[code]),
                str(drawn[code] or ("all" if course.exam and not course.exam.draws and counts else 0)),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return f"{course.code} {course.title}\n" + "\n".join(lines)
