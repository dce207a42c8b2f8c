"""Publishing a course: what is stored, what a repeat and a correction do, what a fault leaves behind."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.audit.models import AuditEntry
from lms.catalog import queries as catalog
from lms.catalog.models import Blob, Course, CourseVersion, Lesson, VersionFile
from lms.db import db
from lms.items import queries as items
from lms.items.models import BankItem
from lms.publishing import services
from tests.support.courses import CODE, ITEMS, LESSONS, PICTURE, course_files
from tests.support.hospital import load_framework


@pytest.fixture
def put(app, clock):
    """Publish files and commit."""

    def publish(files=None, name="safe-orders"):
        done = services.publish(files or course_files(), name, actor=None, now=clock())
        db.session.commit()
        return done

    return publish


def count(model) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_published_course_has_its_lessons_rendered_and_its_bank_stored(put) -> None:
    done = put()
    assert (done.code, done.edition, done.new, done.warnings) == (CODE, "2026.1", True, ())
    version = catalog.current_version(CODE)
    assert version is not None
    assert (version.digest, version.sequence, version.competencies) == (done.digest, 1, (("B1", 2), ("B4", 2)))
    assert [lesson.slug for lesson in catalog.lessons(version.id)] == list(LESSONS)
    page = catalog.lesson(version.id, "right-patient")
    assert page is not None
    assert "<strong>before</strong>" in page.html
    assert page.outline[0] == ("banner", "Look at the banner", 2)
    assert page.checks == ("two-identifiers",)
    assert tuple(item.id for item in items.bank(version.id).items) == ITEMS
    assert count(BankItem) == len(ITEMS)
    assert version.exam is not None
    assert (version.exam.pass_percent, version.exam.time_limit, version.exam.open) == (80, 20, "after_lessons")
    assert "Read each question" in version.exam.instructions_html


def test_the_same_text_again_is_no_new_version(put) -> None:
    first = put()
    again = put()
    assert (again.new, again.version_id, again.digest) == (False, first.version_id, first.digest)
    assert count(CourseVersion) == 1
    assert count(AuditEntry) == 1


def test_the_same_edition_with_another_text_is_a_correction_and_the_old_version_stays(put) -> None:
    first = put()
    second = put(course_files(text="Fewer still are read."))
    assert second.new
    assert second.edition == first.edition
    version = catalog.current_version(CODE)
    assert version is not None
    assert (version.id, version.sequence) == (second.version_id, 2)
    old = catalog.lesson(first.version_id, "alerts")
    assert old is not None
    assert "Few are read." in old.html


def test_an_earlier_text_published_again_becomes_current_without_a_new_version(put) -> None:
    first = put()
    put(course_files(edition="2026.2"))
    back = put()
    assert (back.new, back.version_id) == (False, first.version_id)
    version = catalog.current_version(CODE)
    assert version is not None
    assert version.id == first.version_id
    assert count(CourseVersion) == 2


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("course.md", "---\ntitle: x\n---\n"),
        ("questions.md", "## No id\n\n- [ ] a\n- [ ] b\n"),
        ("exam.md", "---\npass: x\n---\n"),
    ],
)
def test_a_fault_refuses_the_whole_and_changes_nothing(put, path, text) -> None:
    put()
    before = [count(model) for model in (Course, CourseVersion, Lesson, BankItem, Blob, VersionFile)]
    with pytest.raises(services.PublishRefused) as refused:
        put(course_files(text="New.", extra={path: text.encode()}))
    db.session.commit()
    assert any(path in fault.path and fault.line for fault in refused.value.faults if fault.severity == "error")
    assert [count(model) for model in (Course, CourseVersion, Lesson, BankItem, Blob, VersionFile)] == before
    version = catalog.current_version(CODE)
    assert version is not None
    assert "Few are read." in catalog.lesson(version.id, "alerts").html


def test_competency_codes_are_those_of_the_framework_in_force(put) -> None:
    load_framework()
    with pytest.raises(services.PublishRefused, match="Z9"):
        put(course_files(competencies={"Z9": 2}))
    assert put().new


def test_without_a_framework_no_competency_is_refused(put) -> None:
    assert put(course_files(competencies={"Z9": 2})).new


def test_an_unpublished_prerequisite_is_pointed_out(put) -> None:
    done = put(course_files(prerequisites=["EHR-999"]))
    assert done.new
    assert ["EHR-999" in fault.message for fault in services.unknown_prerequisites(done.prerequisites, "x")] == [True]
    put(course_files("EHR-999"))
    assert services.unknown_prerequisites(done.prerequisites, "x") == []


def test_a_text_too_long_for_the_record_is_refused_with_its_place(put) -> None:
    with pytest.raises(services.PublishRefused) as refused:
        put(course_files(title="long " * 80))
    assert any("title" in fault.message and "300" in fault.message for fault in refused.value.faults)


def test_the_folder_comes_back_as_it_was_published(put) -> None:
    files = course_files()
    done = put(files)
    assert catalog.source_files(done.version_id) == files


def test_files_that_versions_share_are_stored_once(put) -> None:
    put()
    put(course_files(edition="2026.2"))
    assert db.session.execute(select(func.count()).where(Blob.data == PICTURE)).scalar() == 1


def test_a_rolled_back_publication_is_nowhere_seen(app, clock) -> None:
    done = services.publish(course_files(), "safe-orders", actor=None, now=clock())
    version = catalog.version(done.version_id)
    assert version is not None
    db.session.rollback()
    db.session.remove()
    assert catalog.version(done.version_id) is None
    assert catalog.current_version(CODE) is None
    other = services.publish(course_files(title="Another sample"), "safe-orders", actor=None, now=clock())
    db.session.commit()
    assert catalog.version(other.version_id).title == "Another sample"
