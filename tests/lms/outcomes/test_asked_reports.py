"""Comparisons, measures and evaluations as reports like any other: dates beside each other, scope, API, views, pack."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile

import pytest
from pypdf import PdfReader

from lms.accounts.services import grant_unit
from lms.board import tasks
from lms.board.services import save_view
from lms.db import db
from lms.messages.models import Mail
from lms.outcomes.making import Asked, make
from lms.people.scope import Scope
from lms.reports.plans import Question, ReportRefused
from lms.reports.value import Report
from tests.lms.outcomes.conftest import CALM, RISEN
from tests.support.courses import CODE
from tests.support.hospital import TODAY
from tests.support.signing import api_token, make_account, sign_in

THEN = dt.date(2026, 2, 15)
ALL = Scope(everything=True)


def ask(kind: str, subject: str, clock, scope: Scope = ALL, **more) -> Report:
    """A report of this room, asked today."""
    return make(kind, Asked(subject, Question(None, TODAY, TODAY, scope, **more), clock()))


@pytest.fixture
def known(load, register, clock):
    """The comparison of ward A, where the values of each month were known when it was over."""
    load(RISEN, CALM)
    return register()


def test_a_comparison_of_two_dates_shows_both_verdicts_and_the_training_of_both(known, clock) -> None:
    report = ask("exposure", known.public_id, clock, compare_to=THEN)
    assert report.data["compared_with"] == "2026-02-15"
    assert (report.data["before"]["periods"], report.data["now"]["periods"]) == (0, 22), "nothing was imported by then"
    alone = ask("exposure", known.public_id, clock)
    assert report.finding.startswith(alone.finding)
    assert report.finding.endswith("on 15 February 2026 it was too early to say")
    assert report.digest != alone.digest
    assert report.data["series"] == alone.data["series"]
    (table,) = [each for each in report.tables if each.key == "compared"]
    assert ("Outcome", "too early to say", "a signal for the better", "") in table.rows
    assert ("Periods", 0, 22, 22) in table.rows


def test_a_correction_stands_beside_what_was_known_on_the_earlier_date(known, load, clock) -> None:
    clock.move(days=10)
    load([*RISEN[:-1], 150], CALM)
    later = TODAY + dt.timedelta(days=10)
    question = Question("A", later, later, ALL, compare_to=TODAY)
    report = make("measure", Asked("GIVEN", question, clock()))
    assert (report.data["before"]["value"], report.data["now"]["value"]) == (75.0, 37.5)
    (table,) = [each for each in report.tables if each.key == "compared"]
    assert ("Latest value", "75.0%", "37.5%", -37.5) in table.rows


@pytest.mark.parametrize(("kind", "subject"), [("exposure", ""), ("exposure", "gone"), ("measure", "NONE"),
                                               ("evaluation", "NONE")])  # fmt: skip
def test_what_there_is_nothing_of_is_refused_in_words(known, clock, kind, subject) -> None:
    with pytest.raises(ReportRefused) as refusal:
        ask(kind, subject, clock)
    assert refusal.value.message.endswith(".")


def test_a_date_is_never_compared_with_itself(known, clock) -> None:
    with pytest.raises(ReportRefused, match="an earlier day was expected"):
        ask("exposure", known.public_id, clock, compare_to=TODAY)


@pytest.fixture
def supervisor(app, client, known, clock):
    """The supervisor of ward A, signed in."""
    account = make_account(app, "ward-a@example.org", ["supervisor"])
    grant_unit(account.id, "A", actor=None, now=clock())
    db.session.commit()
    sign_in(client, app, "ward-a@example.org", ["supervisor"])
    return client


def test_a_supervisor_reads_the_measures_of_their_units_and_no_others(supervisor, known, register) -> None:
    page = supervisor.get("/workforce/measures/GIVEN").text
    assert "Ward A" in page
    assert "Ward B" not in page
    assert supervisor.get("/workforce/measures/GIVEN?unit=B").status_code == 404
    assert supervisor.get(f"/workforce/comparisons/{known.public_id}").status_code == 403, "ward B stands beside it"
    listed = supervisor.get("/workforce/measures").text
    assert "Override reasons given" in listed
    assert known.public_id not in listed
    for path in ("measures/import", "measures/changes", "comparisons/new"):
        assert supervisor.get(f"/workforce/{path}").status_code == 403
    assert supervisor.post(f"/workforce/comparisons/{known.public_id}/outcome").status_code == 403


def test_a_supervisor_reads_a_comparison_that_is_all_about_their_units(app, supervisor, known, clock) -> None:
    grant_unit(make_account(app, "both@example.org", ["supervisor"]).id, "B", actor=None, now=clock())
    account = make_account(app, "two-wards@example.org", ["supervisor"])
    for unit in ("A", "B"):
        grant_unit(account.id, unit, actor=None, now=clock())
    db.session.commit()
    sign_in(supervisor, app, "two-wards@example.org", ["supervisor"])
    page = supervisor.get(f"/workforce/comparisons/{known.public_id}").text
    assert "a signal for the better" in page
    assert "Keep this outcome" not in page
    assert "Enter a change" not in page


def test_the_api_lists_what_can_be_asked_and_answers_the_value_of_the_page(app, client, known) -> None:
    bearer = {"Authorization": f"Bearer {api_token(app, 'chief@example.org', ['cmio'])}"}
    (measure,) = client.get("/api/v1/measures", headers=bearer).json
    assert (measure["code"], measure["units"]) == ("GIVEN", ["A", "B"])
    (comparison,) = client.get("/api/v1/comparisons", headers=bearer).json
    assert (comparison["id"], comparison["beside"]) == (known.public_id, ["B"])
    sign_in(client, app, "chief@example.org", ["cmio"])
    asked = {
        f"exposure?comparison={known.public_id}&compare_to=2026-02-15":
            f"comparisons/{known.public_id}.json?compare_to=2026-02-15",
        "measure?measure=GIVEN&unit=B": "measures/GIVEN.json?unit=B",
        f"evaluation?course={CODE}": f"evaluations/{CODE}.json",
        "evaluation": "evaluations/all.json",
    }  # fmt: skip
    for address, file in asked.items():
        answer = client.get(f"/api/v1/reports/{address}", headers=bearer)
        assert answer.json == json.loads(client.get(f"/workforce/{file}").data)
    for address, status in (("exposure", 422), ("exposure?comparison=gone", 404), ("measure?measure=NONE", 404),
                            ("measure?measure=GIVEN&unit=FEW", 404)):  # fmt: skip
        assert client.get(f"/api/v1/reports/{address}", headers=bearer).status_code == status


def test_an_educators_token_reads_evaluations_and_nothing_about_the_workforce(app, client, known) -> None:
    bearer = {"Authorization": f"Bearer {api_token(app, 'ed@example.org', ['educator'])}"}
    assert client.get("/api/v1/reports/evaluation", headers=bearer).status_code == 200
    for path in ("reports/heatmap", "reports/measure?measure=GIVEN", "measures", "comparisons"):
        assert client.get(f"/api/v1/{path}", headers=bearer).status_code == 403


def test_a_view_of_a_comparison_is_kept_and_opened_with_its_dates(app, client, known) -> None:
    sign_in(client, app, "chief@example.org", ["cmio"])
    page = client.get(f"/workforce/comparisons/{known.public_id}?compare_to=2026-02-15").text
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.split('class="save')[1]))
    assert held["kind"] == "exposure"
    assert client.post("/workforce/views", data=held | {"name": "Reasons, ward A"}).status_code == 303
    desk = client.get("/workforce/reports").text
    link = re.search(r'href="(/workforce/views/\w+)"', desk)[1]
    opened = client.get(link).location
    assert opened == f"/workforce/comparisons/{known.public_id}?compare_to=2026-02-15"
    assert "Reasons, ward A" in desk


def test_the_e_mail_of_a_view_gives_the_finding_of_a_comparison(app, known, clock) -> None:
    owner = make_account(app, "chief@example.org", ["cmio"]).id
    view = save_view(owner, "Reasons", "exposure", {"comparison": known.public_id}, now=clock())
    db.session.commit()
    tasks.mail({"view": view, "day": TODAY.isoformat()}, now=clock())
    db.session.commit()
    (letter,) = db.session.query(Mail).all()
    assert "Override reasons given in Ward A: a signal for the better" in letter.body


def test_the_board_pack_holds_evaluations_and_every_comparison(app, client, known, register) -> None:
    other = register(expected="none")
    sign_in(client, app, "chief@example.org", ["cmio"])
    names = ["evaluation", f"exposure:{known.public_id}", f"exposure:{other.public_id}"]
    query = "&".join(f"kind={name}" for name in names)
    desk = client.get("/workforce/reports").text
    assert all(f'value="{name}"' in desk for name in names)
    paper = PdfReader(io.BytesIO(client.get(f"/workforce/pack.pdf?{query}").data))
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages))
    for key in (known.public_id, other.public_id):
        digest = client.get(f"/workforce/comparisons/{key}.json").json["digest"]
        assert words.count(digest) == 1, "with the others at the end"
    assert "doesnotshowthatonemovedtheother" in words
    book = zipfile.ZipFile(io.BytesIO(client.get(f"/workforce/pack.xlsx?{query}").data))
    sheets = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert {"evaluation about", "exposure about", "exposure series", "exposure 2 series"} <= set(sheets)
    assert client.get("/workforce/pack.pdf?kind=exposure:gone").status_code == 422
