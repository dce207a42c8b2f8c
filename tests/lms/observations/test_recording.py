"""A signed observation counts at once, keeps what was ticked, and is answered by both parties."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.competency.folding import check
from lms.competency.queries import people_on
from lms.competency.services import fold
from lms.db import db
from lms.observations import checklists, coaching, queries, requests, responses
from lms.observations.models import Observation, ObservationEvent
from lms.observations.refusals import Refused
from lms.observations.services import record
from tests.lms.observations.conftest import ASHA, CONTENT, MONA, NOOR, RAVI, Ward, publish_all


def ticks(code: str, **other: str) -> dict[str, str]:
    """Everything met but what is named."""
    found = checklists.by_digest(code)
    assert found is not None
    return {item.id: "met" for item in found.items} | {k.replace("_", "-"): v for k, v in other.items()}


def test_a_checklist_is_kept_with_the_very_text_that_was_ticked(ward: Ward) -> None:
    digest = publish_all(ward.clock.now)["OBS-B1"]
    done = ward.observe(ASHA, checklist=digest, answers=ticks(digest, tell="not-seen"))
    assert ward.level(ASHA) == 3
    text = checklists.by_digest(digest)
    head = b"---\ncode: OBS-B1\ntitle: Newer\ncompetency: B1\nlevel: 3\nedition: '2'\nminutes: 1\n---\n"
    newer = head + b"\n- [ ] One {#one}\n"
    assert checklists.publish(newer, "newer", actor=None, now=ward.clock.now).new
    found = queries.one(done.public_id)
    assert found is not None
    assert queries.checklist_of(found) == text
    assert found.answers == ticks(digest, tell="not-seen")
    assert [each.title for each in checklists.in_use("B1")] == ["Newer"]


def test_a_text_published_twice_is_unchanged_and_an_older_one_can_come_back(ward: Ward) -> None:
    publish_all(ward.clock.now)
    file = CONTENT / "b1-order-entry.md"
    changed = file.read_bytes().replace(b"A complete order", b"A whole order")
    for data, new in ((file.read_bytes(), False), (changed, True), (file.read_bytes(), True)):
        assert checklists.publish(data, file.name, actor=None, now=ward.clock.now).new is new
    assert len(checklists.known_digests()["OBS-B1"]) == 2
    with pytest.raises(checklists.ChecklistRefused) as refused:
        checklists.publish(b"no checklist", "x.md", actor=None, now=ward.clock.now)
    assert refused.value.faults


@pytest.mark.parametrize("answer", ["not-met", "not-seen"])
def test_a_level_is_refused_while_a_critical_item_is_not_met_and_a_lower_one_is_not(ward: Ward, answer: str) -> None:
    digest = publish_all(ward.clock.now)["OBS-B1"]
    with pytest.raises(Refused, match="critical"):
        ward.observe(ASHA, level=3, checklist=digest, answers=ticks(digest, summary=answer))
    assert db.session.scalar(select(func.count()).select_from(Observation)) == 0
    ward.observe(ASHA, level=2, checklist=digest, answers=ticks(digest, summary=answer))
    assert ward.level(ASHA) == 2


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"checklist": "0" * 64}, "checklist"),
        ({"code": "A1", "checklist": "OBS-B1"}, "checklist"),
        ({"checklist": "OBS-B1", "answers": {"nothing": "met"}}, "checklist"),
        ({"checklist": "OBS-B1", "answers": {"patient": "perhaps"}}, "checklist"),
        ({"setting": "at home"}, "setting"),
        ({"level": 4}, "level"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_field(ward: Ward, words: dict, field: str) -> None:
    digests = publish_all(ward.clock.now)
    words = {
        **words,
        **({"checklist": digests.get(words["checklist"], words["checklist"])} if "checklist" in words else {}),
    }
    with pytest.raises(Refused) as refused:
        ward.observe(ASHA, **words)
    assert refused.value.field == field


def test_a_form_sent_twice_is_one_observation(ward: Ward) -> None:
    first, second = ward.observe(ASHA, key="k"), ward.observe(ASHA, key="k")
    assert (first.new, second.new, first.public_id) == (True, False, second.public_id)


def test_level_four_needs_three_confirmed_entries_of_coaching(ward: Ward) -> None:
    for number in range(3):
        with pytest.raises(Refused, match="coaching log"):
            ward.observe(ASHA, level=4)
        public = coaching.write(
            ward.person(ASHA), ward.person(NOOR), "B1", ward.today, 15, "Order sets", key=f"c{number}",
            actor=ward.account(ASHA).id, today=ward.today, now=ward.clock.now,
        )  # fmt: skip
        coaching.answer(public, True, person_id=ward.person(NOOR), actor=ward.account(NOOR).id, now=ward.clock.now)
    ward.observe(ASHA, level=4)
    assert ward.level(ASHA) == 4


def test_simulation_is_evidence_of_its_own(ward: Ward) -> None:
    ward.observe(ASHA, setting="simulation")
    assert ward.level(ASHA) == 3


def _answer(ward: Ward, public: str, kind: str, note: str = "", who: str = ASHA) -> str:
    return responses.answer(
        public, kind, note, person_id=ward.person(who), account_id=ward.account(who).id, today=ward.today,
        now=ward.clock.now,
    )  # fmt: skip


def test_the_observed_confirms_once_and_the_level_stays_as_signed(ward: Ward) -> None:
    done = ward.observe(ASHA)
    assert queries.hints(ward.person(ASHA), ward.today).observations == 1
    assert _answer(ward, done.public_id, "confirmed", "Thank you") == "confirmed"
    assert _answer(ward, done.public_id, "confirmed", "again") == "confirmed"
    found = queries.one(done.public_id)
    assert found is not None
    assert [(each.kind, each.note) for each in queries.said_of(found)] == [("confirmed", "Thank you")]
    assert (ward.level(ASHA), queries.hints(ward.person(ASHA), ward.today).observations) == (3, 0)
    with pytest.raises(Refused, match="confirmed already"):
        _answer(ward, done.public_id, "disputed", "no")


def test_only_the_observed_answers_within_fourteen_days(ward: Ward) -> None:
    done = ward.observe(ASHA)
    with pytest.raises(LookupError):
        _answer(ward, done.public_id, "confirmed", who=NOOR)
    with pytest.raises(Refused, match="what you saw differently"):
        _answer(ward, done.public_id, "disputed", " ")
    ward.clock.move(days=15)
    with pytest.raises(Refused, match="14 days"):
        _answer(ward, done.public_id, "confirmed")


def test_a_dispute_is_seen_and_closed_by_a_later_observation(ward: Ward) -> None:
    done = ward.observe(ASHA, level=2)
    _answer(ward, done.public_id, "disputed", "I did it alone.")
    assert [each.public_id for each in queries.disputes()] == [done.public_id]
    assert queries.disputes([ward.person(NOOR)]) == ()
    ward.clock.move(days=1)
    later = ward.observe(ASHA, level=3)
    found = queries.one(done.public_id)
    assert found is not None
    assert found.state == "resolved"
    assert [(each.kind, each.note) for each in queries.said_of(found)][-1] == ("resolved", later.public_id)
    assert (queries.disputes(), ward.level(ASHA)) == ((), 3)


def test_a_withdrawn_observation_stays_with_its_reason_and_counts_no_longer(ward: Ward) -> None:
    ward.observe(ASHA, level=2)
    ward.clock.move(days=1)
    wrong = ward.observe(ASHA, level=3)
    known = ward.clock.now
    fold(today=ward.today)
    ward.clock.move(hours=1)
    mona = ward.account(MONA).id
    with pytest.raises(Refused, match="reason"):
        responses.withdraw(wrong.public_id, " ", account_id=mona, now=ward.clock.now)
    for _again in range(2):
        responses.withdraw(wrong.public_id, "It was another nurse.", account_id=mona, now=ward.clock.now)
    assert ward.level(ASHA) == 2
    assert check(today=ward.today) == []
    assert db.session.scalar(select(func.count()).select_from(ObservationEvent)) == 1
    assert db.session.scalar(select(func.count()).select_from(Observation)) == 2

    def level_then(known_by) -> int:
        found = {each.person_id: each for each in people_on(ward.today, known_by=known_by)}
        return found[ward.person(ASHA)].level("B1")

    assert (level_then(known), level_then(ward.clock.now), level_then(None)) == (3, 2, 2)


def test_the_same_content_after_a_withdrawal_is_a_new_observation(ward: Ward) -> None:
    first = ward.observe(ASHA, key=None)
    responses.withdraw(first.public_id, "Wrong day.", account_id=ward.account(MONA).id, now=ward.clock.now)
    second = ward.observe(ASHA, key=None)
    assert second.new
    assert ward.level(ASHA) == 3


def test_signing_closes_what_was_asked_for(ward: Ward) -> None:
    public = requests.ask(
        ward.person(ASHA), "B1", "", "", actor=ward.account(ASHA).id, today=ward.today, now=ward.clock.now
    )
    ward.observe(ASHA, "A1")
    assert [each.public_id for each in requests.open_of(ward.person(ASHA))] == [public]
    ward.observe(ASHA, "B1")
    assert requests.open_of(ward.person(ASHA)) == ()


def test_nobody_signs_their_own_work(ward: Ward) -> None:
    me = ward.account(RAVI, "learner", "supervisor")
    with pytest.raises(Refused, match="their own"):
        record(
            me.person_id, "B1", 3, "", observer_account=me.id, observer_person=me.person_id, key="x",
            observed_on=ward.today, today=ward.today, now=ward.clock.now,
        )  # fmt: skip
