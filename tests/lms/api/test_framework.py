"""The framework over the API is a CASE package that reads back as the framework in force."""

from __future__ import annotations

from courses.framework import default_framework
from courses.frameworkfiles import read_file


def test_the_package_reads_back_as_the_framework(asha) -> None:
    answer = asha.get("/framework")
    assert answer.status_code == 200
    assert read_file(answer.get_data(as_text=True), "f") == (default_framework(), [], "case")
    assert answer.get_json()["CFDocument"]["creator"] == "Sample General Hospital"
