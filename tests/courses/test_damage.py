"""Whatever happens to a file on its way, the reader answers with a course or with faults."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.publishing import publish
from courses.reading import read_course
from tests.courses.sample import course_files

FILES = course_files()
TABLE = b"| a | b |\n|---|---|\n"
WORDS = b"--- ``` $$ [x]( {{ ~( ![](x.mp4) <svg> [^x] &x; : ' {#x} = -".split()
LINES = [b"> [!CHECK] x\n", b"# Case: x {#x}\n", b"- [ ] ", b"\n\n", b"= 1", b"draw: [{count: 1}]\n", b"---\n", TABLE]
PIECES = st.one_of(st.binary(max_size=12), st.sampled_from(WORDS + LINES))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.integers(0, 40), PIECES)
def test_a_damaged_file_gives_a_course_or_faults(path: str, place: float, lost: int, piece: bytes) -> None:
    old = FILES[path]
    start = int(place * len(old))
    files = {**FILES, path: old[:start] + piece + old[start + lost :]}
    course, faults = read_course(files, "c", None)
    assert (course is None) == any(fault.severity == "error" for fault in faults)
    for fault in faults:
        assert fault.path.startswith("c/")
        lines = files.get(fault.path[2:], b"").count(b"\n") + files.get(fault.path[2:], b"").count(b"\r") + 1
        assert 1 <= fault.line <= lines
        assert fault.column >= 1
    if course is not None:
        publish(course, files)
