"""The names of QTI 2 and QTI 3 made one: `qti-choice-interaction` is read as `choiceInteraction`, and written so.

Namespaces and prefixes are taken off, so that files with any or none are read alike.
"""

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

_HYPHEN = re.compile(r"-([a-z0-9])")
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")
# Attributes that HTML and XML write with hyphens keep them.
_KEPT_START = ("data-", "aria-")
QTI3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
QTI21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"


def normalised(root: Any) -> Any:
    """Rename a tree in place to the names of QTI 2 without namespaces, and return it."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        element.tag = camel(name.removeprefix("qti-")) if name.startswith("qti-") else name
        for attribute in list(element.attrib):
            bare = etree.QName(attribute).localname
            if bare.startswith(_KEPT_START):
                continue
            wanted = camel(bare)
            if wanted != attribute:
                value = element.attrib.pop(attribute)
                if wanted not in element.attrib:
                    element.set(wanted, value)
    return root


def camel(name: str) -> str:
    """Return a hyphened name in the way of QTI 2."""
    return _HYPHEN.sub(lambda found: found[1].upper(), name)


def hyphened(name: str) -> str:
    """Return a name of QTI 2 in the way of QTI 3."""
    return _CAPITAL.sub(lambda found: "-" + found[1], name).lower()


def as_qti3(root: Any) -> Any:
    """Return a tree of QTI 2 names as one of QTI 3."""
    made = etree.Element(_name3(root), nsmap={None: QTI3})
    _copy(root, made, _name3)
    return made


def as_qti2(root: Any) -> Any:
    """Return a tree of QTI 2 names in the namespace of QTI 2.1."""
    made = etree.Element(f"{{{QTI21}}}{root.tag}", nsmap={None: QTI21})
    _copy(root, made, lambda element: f"{{{QTI21}}}{element.tag}")
    return made


def _name3(element: Any) -> str:
    return f"{{{QTI3}}}qti-{hyphened(element.tag)}" if element.tag not in HTML else f"{{{QTI3}}}{element.tag}"


def _copy(source: Any, target: Any, name: Any) -> None:
    third = QTI3 in target.tag
    for attribute, value in source.attrib.items():
        html = source.tag in HTML or attribute.startswith("{")
        target.set(attribute if html or not third else hyphened(attribute), value)
    target.text = source.text
    for child in source:
        made = etree.SubElement(target, name(child))
        _copy(child, made, name)
        made.tail = child.tail


HTML = frozenset(
    "a abbr acronym address b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 "
    "hr i img kbd li object ol p param pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul "
    "var".split()
)
