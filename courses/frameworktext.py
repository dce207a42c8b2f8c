"""A framework written as YAML, in the shape that `courses.framework` reads: the round trip gives the same framework.

Knows no file system and no clock.
"""

from courses.framework import SUBJECTS, Competency, Framework

HEAD = (
    "# Levels: 0 not required, then as below.\n"
    f"# targets: [{', '.join(SUBJECTS)}]; the highest that applies to a person counts.\n"
)


def write_yaml(framework: Framework) -> str:
    """Return the framework as a YAML text."""
    lines = [
        f"code: {quoted(framework.code)}",
        f"title: {quoted(framework.title)}",
        f"edition: {quoted(framework.edition)}",
        "levels:",
    ]
    for level in framework.levels:
        name, evidence = quoted(level.name), quoted(level.evidence)
        lines.append(f"  - {{level: {level.level}, name: {name}, evidence: {evidence}}}")
    lines.append("responsibilities:")
    lines += [f"  {quoted(code)}: {quoted(title)}" for code, title in framework.responsibilities.items()]
    lines.append("domains:")
    for domain in framework.domains:
        lines += [
            f"  - code: {quoted(domain.code)}",
            f"    title: {quoted(domain.title)}",
            f"    responsibilities: [{', '.join(quoted(code) for code in domain.responsibilities)}]",
            "    competencies:",
        ]
        lines += [f"      - {_competency(each)}" for each in domain.competencies]
    return HEAD + "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return text in YAML's double quotes; what is not printable is written as an escape."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08x}"


def _competency(each: Competency) -> str:
    critical = "true" if each.critical else "false"
    targets = ", ".join(str(each.targets[subject]) for subject in SUBJECTS)
    return f"{{code: {quoted(each.code)}, critical: {critical}, title: {quoted(each.title)}, targets: [{targets}]}}"
