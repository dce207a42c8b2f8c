"""A bank becomes a QTI package, items with their manifest and media, or one item alone."""

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from assessments.archive import pack
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import traits_as_tags
from assessments.exchange.outgoing import Outgoing, Written, each_item
from assessments.exchange.qti.names import as_qti2, as_qti3
from assessments.exchange.qti.package import MANIFEST
from assessments.exchange.qti.writing import Writer, identifier
from assessments.exchange.record import Tally
from assessments.model import Item

_CP = {
    "2": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "3": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
}
_LOM = "http://www.imsglobal.org/xsd/imsmd_v1p2"
_TYPE = {"2": "imsqti_item_xmlv2p1", "3": "imsqti_item_xmlv3p0"}
_SCHEMA = {"2": ("QTIv2.1 Package", "1.0.0"), "3": ("QTI Package", "3.0.0")}


def write_qti(outgoing: Outgoing, version: str, *, single: bool) -> Written:
    """Return a package of version "2" or "3", or with `single` the one item alone where it is just one."""
    cases = {one.id: one for one in outgoing.bank.cases}
    shown: dict[str, list[str]] = {}

    def one_item(item: Item, tally: Tally) -> tuple[Item, bytes]:
        if single and len(outgoing.bank.items) > 1:
            raise Refusal("one item alone was asked for, and there are several")
        writer = Writer(item, cases.get(item.case_id or ""), outgoing.render, tally, version)
        root = writer.written()
        shown[item.id] = list(dict.fromkeys(writer.shown))
        for path in shown[item.id]:
            if path not in outgoing.media:
                tally.changed(f"the picture {path} is missing and could not be taken along")
            elif single:
                tally.changed(f"one item alone carries no files: the picture {path} is left behind")
        if single:
            tags = traits_as_tags(item)
            if tags:
                tally.changed(f"one item alone carries no keywords: {', '.join(tags)}")
        return item, _bytes(as_qti3(root) if version == "3" else as_qti2(root))

    pieces, outcomes = each_item(outgoing.bank.items, one_item)
    if single:
        return Written(pieces[0][1] if pieces else b"", ".xml", outcomes)
    files: dict[str, bytes] = {MANIFEST: b""}
    media: dict[str, bytes] = {}
    for item, data in pieces:
        files[f"items/{item.id}.xml"] = data
        media |= {path: outgoing.media[path] for path in shown[item.id] if path in outgoing.media}
    files[MANIFEST] = _bytes(_manifest([item for item, _ in pieces], shown, media, version))
    return Written(pack({**files, **media}), ".zip", outcomes)


def _manifest(items: list[Item], shown: dict[str, list[str]], media: dict[str, bytes], version: str) -> Any:
    space = _CP[version]
    root = etree.Element(f"{{{space}}}manifest", nsmap={None: space, "imsmd": _LOM}, identifier="questions")
    metadata = etree.SubElement(root, f"{{{space}}}metadata")
    for name, text in zip(("schema", "schemaversion"), _SCHEMA[version], strict=True):
        etree.SubElement(metadata, f"{{{space}}}{name}").text = text
    etree.SubElement(root, f"{{{space}}}organizations")
    resources = etree.SubElement(root, f"{{{space}}}resources")
    for item in items:
        href = f"items/{item.id}.xml"
        one = etree.SubElement(
            resources,
            f"{{{space}}}resource",
            identifier=f"resource-{identifier(item.id)}",
            type=_TYPE[version],
            href=href,
        )
        _keywords(one, traits_as_tags(item), space)
        for path in [href, *(path for path in shown[item.id] if path in media)]:
            etree.SubElement(one, f"{{{space}}}file", href=path)
    return root


def _keywords(resource: Any, words: list[str], space: str) -> None:
    """Keep tags, competency and level as keywords of the resource."""
    if not words:
        return
    lom = etree.SubElement(etree.SubElement(resource, f"{{{space}}}metadata"), f"{{{_LOM}}}lom")
    general = etree.SubElement(lom, f"{{{_LOM}}}general")
    for word in words:
        etree.SubElement(etree.SubElement(general, f"{{{_LOM}}}keyword"), f"{{{_LOM}}}langstring").text = word


def _bytes(root: Any) -> bytes:
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data + b"\n"
