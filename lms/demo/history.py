"""Earlier evidence of sample people: most have renewed what they hold, so that past dates have a past. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lms.competency.facts import CompetencyFacts
from lms.demo.drawn import SampleEvidence

RENEWED = 0.62  # the share of people whose evidence is a renewal
KINDS = ("prior", "observation")


def earlier(
    pieces: Sequence[SampleEvidence], known: Mapping[str, CompetencyFacts], begins: dt.date, rng: random.Random
) -> Iterator[SampleEvidence]:
    """What somebody held before: the same level from the same source, ending about when the next was achieved.

    Later evidence of a source replaces it, so that today's levels stay as they are.
    """
    if rng.random() > RENEWED:
        return
    for piece in pieces:
        if piece.source not in KINDS or rng.random() < 0.012:
            continue
        critical = known[piece.code].critical
        day = piece.achieved
        for _ in range(2 if critical else 1):
            holds = 350 if critical else 715
            day -= dt.timedelta(days=rng.randint(int(holds * 0.85), holds))
            if day < begins:
                break
            yield replace(piece, achieved=day)
