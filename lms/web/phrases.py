"""A template environment that settles constant phrases, icons and file addresses when it compiles.

A page asks for some fifty phrases and ten icons that are the same for everybody. With one language
they are constants, so they are looked up once, when the template is compiled, and not on every
request. Once there are more languages each gets an environment of its own; until then more than one
entry in `LOCALES` simply switches the settling of phrases off.
"""

from __future__ import annotations

from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from lms.web.assets import address
from lms.web.icons import icon

LOCALES = ("en",)


class _Settle(NodeTransformer):
    """Puts constants in the place of calls that always give the same."""

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(node, *args, **kwargs)
        if not isinstance(node.node, nodes.Name) or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        if not all(isinstance(each, nodes.Const) for each in node.args):
            return node
        if not all(isinstance(each.value, nodes.Const) for each in node.kwargs):
            return node
        given = [each.value for each in node.args]  # type: ignore[attr-defined]
        named = {each.key: each.value.value for each in node.kwargs}  # type: ignore[attr-defined]
        found = _constant(node.node.name, given, named)
        if found is None:
            return node
        return nodes.MarkSafe(nodes.Const(found, lineno=node.lineno), lineno=node.lineno)


def _constant(name: str, given: list[Any], named: dict[str, Any]) -> str | None:
    """The markup of a call, None where it is not settled. Its arguments stand in a template, so they are trusted."""
    if name in ("_", "gettext") and len(LOCALES) == 1 and len(given) == 1 and not named and isinstance(given[0], str):
        return given[0] % {}  # as the call at run time would: %% is a per cent sign
    if name == "icon":
        return str(icon(*given, **named))
    if name == "asset" and len(given) == 1 and not named:
        return address(str(given[0]))
    return None


class PhraseEnvironment(Environment):
    """Flask's environment with constants settled at compile time."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template: nodes.Template = super()._parse(source, name, filename)
        settled: nodes.Template = _Settle().visit(template)
        return settled
