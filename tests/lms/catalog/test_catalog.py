"""Reading what is published: kept in the process, never mixed between databases, and media for ever."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import event

from lms.catalog import queries as catalog
from lms.catalog.cache import VersionCache
from lms.db import db
from lms.publishing import services
from tests.support.courses import PICTURE, course_files
from tests.support.signing import sign_in

DIGEST = hashlib.sha256(PICTURE).hexdigest()
ADDRESS = f"/media/{DIGEST}/banner.svg"


@pytest.fixture
def published(app, clock):
    """The sample course, committed."""
    done = services.publish(course_files(), "safe-orders", actor=None, now=clock())
    db.session.commit()
    db.session.remove()
    return done


@pytest.fixture
def statements(app):
    """The statements that the database was asked, in order."""
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, many) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_version_is_read_once(published, statements) -> None:
    for _ in range(3):
        assert catalog.version(published.version_id).code == published.code
        assert len(catalog.lessons(published.version_id)) == 2
        assert catalog.lesson(published.version_id, "alerts").title == "Alerts worth reading"
    assert len(statements) == 3


def test_the_current_version_costs_one_statement_once_it_is_kept(published, statements) -> None:
    catalog.current_version(published.code)
    statements.clear()
    assert catalog.current_version(published.code).id == published.version_id
    assert len(statements) == 1


def test_nothing_is_kept_when_the_engine_is_disposed_of(published) -> None:
    catalog.version(published.version_id)
    kept = catalog._versions
    assert len(kept) == 1
    db.session.remove()
    db.engine.dispose()
    assert len(kept) == 0


def test_a_cache_keeps_at_most_its_limit_and_forgets_what_was_used_longest_ago(app) -> None:
    cache: VersionCache[int, str] = VersionCache(2)
    for key in (1, 2, 1, 3):
        cache.get(key, key, lambda key=key: f"value {key}")
    assert len(cache) == 2
    assert cache.get(1, 1, lambda: None) == "value 1"
    assert cache.get(2, 2, lambda: None) is None


def test_the_catalogue_lists_current_versions_by_title(app, clock) -> None:
    for code, title in (("B-2", "Zebra"), ("A-1", "apple"), ("C-3", "Mango")):
        services.publish(course_files(code, title=title), "x", actor=None, now=clock())
    services.publish(course_files("A-1", title="Berry"), "x", actor=None, now=clock())
    assert [version.title for version in catalog.catalogue()] == ["Berry", "Mango", "Zebra"]


def test_media_is_kept_for_ever_and_cannot_run(app, client, published) -> None:
    sign_in(client, app, "asha.sample@example.org")
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PICTURE, "image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="banner.svg"')


def test_a_kept_copy_is_not_sent_again(app, client, published) -> None:
    sign_in(client, app, "asha.sample@example.org")
    answer = client.get(ADDRESS, headers={"If-None-Match": f'"{DIGEST}"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_range_of_media_is_sent_alone(app, client, published) -> None:
    sign_in(client, app, "asha.sample@example.org")
    answer = client.get(ADDRESS, headers={"Range": "bytes=4-9"})
    assert (answer.status_code, answer.data) == (206, PICTURE[4:10])
    assert answer.headers["Content-Range"] == f"bytes 4-9/{len(PICTURE)}"


def test_a_file_that_is_not_shown_is_offered_for_download(app, client, clock) -> None:
    table = b"unit,share\nED,0.9\n"
    lesson = b"---\ntitle: One\nminutes: 1\n---\n\n[The figures](media/figures.csv) to download.\n"
    files = course_files(extra={"media/figures.csv": table, "20-alerts.md": lesson})
    services.publish(files, "x", actor=None, now=clock())
    db.session.commit()
    sign_in(client, app, "asha.sample@example.org")
    answer = client.get(f"/media/{hashlib.sha256(table).hexdigest()}/figures.csv")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, table, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("digest", ["0" * 64, "x", DIGEST[:-1] + "/.."])
def test_an_unknown_digest_is_not_found(app, client, published, digest) -> None:
    sign_in(client, app, "asha.sample@example.org")
    assert client.get(f"/media/{digest}/banner.svg").status_code == 404


def test_a_source_file_is_no_public_media(app, client, published) -> None:
    sign_in(client, app, "asha.sample@example.org")
    digest = hashlib.sha256(course_files()["questions.md"]).hexdigest()
    assert client.get(f"/media/{digest}/questions.md").status_code == 404


def test_a_stranger_gets_no_media(client, published) -> None:
    assert client.get(ADDRESS).status_code == 302
