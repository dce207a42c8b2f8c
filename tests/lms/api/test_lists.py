"""Lists by cursor: every row once, in order, whatever the size of a page."""

from __future__ import annotations

import re

import pytest

from tests.support.taking import put_course


def follow(caller, path: str) -> tuple[list[dict], int]:
    """All rows of a list by its Link headers, and how many pages it took."""
    rows: list[dict] = []
    for pages in range(1, 100):
        answer = caller.get(path)
        assert answer.status_code == 200
        rows += answer.get_json()
        link = answer.headers.get("Link")
        if link is None:
            return rows, pages
        path = re.fullmatch(r'</api/v1(/[^>]+)>; rel="next"', link)[1]
    raise AssertionError("a list without an end")


@pytest.mark.parametrize(("limit", "pages"), [(1, 5), (2, 3), (5, 1), (100, 1)])
def test_a_list_is_read_whole_by_following_its_links(asha, clock, limit: int, pages: int) -> None:
    for number in range(4):
        put_course(clock(), code=f"LIST-{number}", title=f"List {number}", audience=["pharmacist"])
    rows, taken = follow(asha, f"/courses?limit={limit}")
    assert taken == pages
    assert [row["code"] for row in rows] == ["SAFE-101", "LIST-0", "LIST-1", "LIST-2", "LIST-3"]


def test_competencies_come_in_pages_too(asha) -> None:
    whole = asha.get("/me/competencies").get_json()
    rows, _ = follow(asha, "/me/competencies?limit=7")
    assert rows == whole
    assert len(whole) > 20


def test_the_audience_orders_the_catalogue_and_refuses_nobody(caller, asha, clock) -> None:
    put_course(clock(), code="PHA-1", title="A for pharmacists", audience=["pharmacist"])
    paul = caller("E-009")
    assert [row["code"] for row in paul.get("/courses").get_json()] == ["PHA-1", "SAFE-101"]
    assert [row["code"] for row in asha.get("/courses").get_json()] == ["SAFE-101", "PHA-1"]
    assert asha.post("/courses/PHA-1/enrolments").status_code == 201


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "limit=1e1", "limit=٣"])
def test_a_limit_that_is_none_is_refused(asha, query: str) -> None:
    answer = asha.get(f"/courses?{query}")
    assert answer.status_code == 422
    assert "expected" in answer.get_json()["detail"]


@pytest.mark.parametrize("cursor", ["x", "!!!!", "////", "U0FGRS05OTk", "%F0%9F%98%80"])
def test_a_cursor_of_somewhere_else_is_refused(asha, cursor: str) -> None:
    assert asha.get(f"/courses?cursor={cursor}").status_code == 422
