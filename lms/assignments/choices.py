"""What can be asked of people, as choices of a form. Knows pages, writes nothing."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from lms.catalog import queries as catalog
from lms.competency import queries as competency
from lms.pathways import queries as pathways
from lms.policies import queries as policies


def targets(*, levels: bool = False) -> list[SelectChoice]:
    """Courses, pathways and policies that people can take now, with `levels` the framework's competencies too."""
    found = [SelectChoice("", _("Choose…"))]
    found += [SelectChoice(f"course:{each.code}", each.title) for each in catalog.catalogue()]
    for path in pathways.pathways():
        found.append(SelectChoice(f"pathway:{path.code}", _("Pathway: %(title)s", title=path.title)))
    for policy in policies.in_force():
        found.append(SelectChoice(f"policy:{policy.code}", _("Policy: %(title)s", title=policy.title)))
    for each in competency.competencies() if levels else ():
        label = _("Competency: %(code)s %(title)s", code=each.code, title=each.title)
        found.append(SelectChoice(f"competency:{each.code}", label))
    return found
