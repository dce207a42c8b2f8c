from hypothesis import given, settings
import pytest
from tests.assessments.exchange.generated import banks
from tests.assessments.exchange.roundtrip import check_round_trip
from tests.assessments.exchange.samples import USUAL


@pytest.mark.parametrize("t", ["qti21", "qti30"])
def test_usual(t):
    assert check_round_trip(USUAL, t) == 8


@settings(max_examples=200, deadline=None)
@given(banks())
def test_x(bank):
    check_round_trip(bank, "qti21")
