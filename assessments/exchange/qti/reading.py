"""QTI items become drafts, each by its interaction; files and packages are opened by `package`."""

from collections.abc import Callable, Mapping
from typing import Any

from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.qti.choices import choice, order
from assessments.exchange.qti.item import Item, Media
from assessments.exchange.qti.pairs import associate, gap_match, match
from assessments.exchange.qti.typed import entries, extended

_READERS: Mapping[str, Callable[[Item, Any], None]] = {
    "choiceInteraction": choice,
    "orderInteraction": order,
    "matchInteraction": match,
    "associateInteraction": associate,
    "gapMatchInteraction": gap_match,
    "extendedTextInteraction": extended,
}
_ENTRIES = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_REASONS: Mapping[str, str] = {
    "hotspotInteraction": "it is answered by pointing at a picture",
    "selectPointInteraction": "it is answered by pointing at a picture",
    "graphicOrderInteraction": "it is answered by pointing at a picture",
    "graphicAssociateInteraction": "it is answered by joining points of a picture",
    "graphicGapMatchInteraction": "it is answered by dragging onto a picture",
    "positionObjectInteraction": "it is answered by placing objects on a picture",
    "hottextInteraction": "it is answered by marking words of a text",
    "sliderInteraction": "it is answered with a slider",
    "mediaInteraction": "it is answered by playing a medium",
    "drawingInteraction": "it is answered by drawing",
    "uploadInteraction": "it is answered by uploading a file",
    "endAttemptInteraction": "it is answered in several rounds",
    "customInteraction": "it is answered by a program of its own",
    "portableCustomInteraction": "it is answered by a program of its own",
}


def fill(draft: Draft, root: Any, media: Media) -> None:
    """Read a normalised assessmentItem into a draft; raises Refusal where it cannot be one of ours."""
    item = Item(root, draft, media)
    kinds = [one.tag for one in item.interactions]
    draft.origin = " + ".join(dict.fromkeys(kinds)) or draft.origin
    for kind in kinds:
        if kind in _REASONS:
            raise Refusal(f"{_REASONS[kind]} ({kind}), which no item type here can hold")
    if not kinds:
        raise Refusal("it has no interaction: it asks nothing that is answered")
    if set(kinds) <= _ENTRIES:
        entries(item)
        return
    if len(kinds) > 1:
        raise Refusal(f"it asks {len(kinds)} things at once ({', '.join(kinds)}): expected one interaction an item")
    if kinds[0] not in _READERS:
        raise Refusal(f"its interaction {kinds[0]} is not known: expected one of {', '.join(_READERS)}")
    if kinds[0] not in ("gapMatchInteraction", "extendedTextInteraction"):
        draft.stem = item.stem()
    _READERS[kinds[0]](item, item.interactions[0])
    if item.guidance and draft.type != "essay":
        draft.changed("a note for those who mark is left out")
