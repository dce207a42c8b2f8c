"""What changes from one framework to another: competencies added, retired, retitled, moved; targets. Pure."""

from dataclasses import dataclass

from courses.framework import SUBJECTS, Competency, Framework


@dataclass(frozen=True)
class TextChange:
    """A text of a competency that is another: its title, its domain, or whether it is critical."""

    code: str
    before: str
    after: str


@dataclass(frozen=True)
class TargetChange:
    """A level 0 to 5 that a subject needs in a competency, before and after."""

    code: str
    subject: str
    before: int
    after: int


@dataclass(frozen=True)
class FrameworkChanges:
    """The differences, each in the order of the framework; `about` names changed parts of the head."""

    added: tuple[Competency, ...] = ()
    retired: tuple[Competency, ...] = ()
    retitled: tuple[TextChange, ...] = ()
    moved: tuple[TextChange, ...] = ()
    critical: tuple[TextChange, ...] = ()
    targets: tuple[TargetChange, ...] = ()
    about: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many things are another than before."""
        found = (self.added, self.retired, self.retitled, self.moved, self.critical, self.targets, self.about)
        return sum(len(each) for each in found)


def compare(before: Framework, after: Framework) -> FrameworkChanges:
    """Say what is another in `after`. Targets are compared for competencies that both hold."""
    old = {each.code: each for each in before.competencies}
    new = {each.code: each for each in after.competencies}
    both = [code for code in new if code in old]
    homes = {code: (_home(before, code), _home(after, code)) for code in both}
    return FrameworkChanges(
        added=tuple(each for code, each in new.items() if code not in old),
        retired=tuple(each for code, each in old.items() if code not in new),
        retitled=tuple(
            TextChange(code, old[code].title, new[code].title) for code in both if old[code].title != new[code].title
        ),
        moved=tuple(TextChange(code, was, now) for code, (was, now) in homes.items() if was != now),
        critical=tuple(
            TextChange(code, _word(old[code]), _word(new[code]))
            for code in both
            if old[code].critical != new[code].critical
        ),
        targets=tuple(
            TargetChange(code, subject, old[code].targets[subject], new[code].targets[subject])
            for code in both
            for subject in SUBJECTS
            if old[code].targets[subject] != new[code].targets[subject]
        ),
        about=_about(before, after),
    )


def _home(framework: Framework, code: str) -> str:
    domain = framework.domain_of(code)
    return domain.code if domain else ""


def _word(each: Competency) -> str:
    return "critical" if each.critical else "not critical"


def _about(before: Framework, after: Framework) -> tuple[str, ...]:
    parts = {
        "code": (before.code, after.code),
        "title": (before.title, after.title),
        "edition": (before.edition, after.edition),
        "levels": (before.levels, after.levels),
        "responsibilities": (before.responsibilities, after.responsibilities),
        "domains": tuple([(d.code, d.title, d.responsibilities) for d in each.domains] for each in (before, after)),
    }
    return tuple(name for name, (was, now) in parts.items() if was != now)
