"""Serials: readable, typed again with mistakes, and every common mistake found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.serials import ALPHABET, LENGTH, make, normalise

SERIALS = st.binary(min_size=7, max_size=32).map(make)


def plain(serial: str) -> str:
    return serial.replace("-", "")


@given(st.binary(min_size=7, max_size=64))
def test_a_serial_is_three_groups_of_four_readable_signs_and_is_its_own_normal_form(entropy: bytes) -> None:
    serial = make(entropy)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", serial)
    assert normalise(serial) == serial
    assert make(entropy) == serial


@given(SERIALS)
def test_every_change_of_one_character_is_found(serial: str) -> None:
    signs = plain(serial)
    for place in range(LENGTH):
        for sign in ALPHABET:
            if sign != signs[place]:
                assert normalise(signs[:place] + sign + signs[place + 1 :]) is None


@given(SERIALS)
def test_every_swap_of_two_different_characters_is_found_neighbours_or_not(serial: str) -> None:
    signs = plain(serial)
    for left in range(LENGTH):
        for right in range(left + 1, LENGTH):
            swapped = list(signs)
            swapped[left], swapped[right] = swapped[right], swapped[left]
            if signs[left] != signs[right]:
                assert normalise("".join(swapped)) is None


def test_the_check_is_linear_so_the_two_proofs_above_hold_for_all_serials_and_not_only_the_drawn_ones() -> None:
    # The signs stand for numbers whose exclusive-or is taken sign by sign: valid serials are closed under it,
    # so an error pattern that is found once is found in every serial. All patterns of one wrong sign and of
    # two swapped neighbours (twice the same difference) are tried on the serial of zeros.
    zeros = ALPHABET[0] * LENGTH
    assert normalise(zeros) is not None
    for place in range(LENGTH):
        for difference in ALPHABET[1:]:
            assert normalise(zeros[:place] + difference + zeros[place + 1 :]) is None
            if place + 1 < LENGTH:
                assert normalise(zeros[:place] + difference * 2 + zeros[place + 2 :]) is None


@given(SERIALS, SERIALS)
def test_two_valid_serials_combined_sign_by_sign_are_valid(first: str, second: str) -> None:
    pairs = zip(plain(first), plain(second), strict=True)
    combined = "".join(ALPHABET[ALPHABET.index(a) ^ ALPHABET.index(b)] for a, b in pairs)
    assert normalise(combined) is not None


@given(SERIALS)
def test_letters_that_look_like_digits_case_blanks_and_hyphens_are_forgiven(serial: str) -> None:
    for written in (
        serial.lower(),
        plain(serial),
        f"  {serial.replace('-', ' – ')}\n",
        serial.replace("0", "O").replace("1", "I"),
        serial.replace("0", "o").replace("1", "l"),
        serial.replace("1", "L"),
    ):
        assert normalise(written) == serial


@pytest.mark.parametrize(
    "text",
    ["", "-", "K7QD", "K7QD-42MX-90FTX", "K7QD-42MX-90F", "UUUU-UUUU-UUUU", "K7QD*42MX-90FT", "ß" * 6, "0" * 500],
)
def test_what_is_no_serial_is_none(text: str) -> None:
    assert normalise(text) is None


def test_signs_of_other_scripts_that_turn_into_latin_ones_are_not_forgiven() -> None:
    serial = "0" * LENGTH
    assert normalise(serial) is not None
    assert normalise("\u0660" * LENGTH) is None
    assert normalise(serial[:-1] + "\u0131") is None


def test_too_little_entropy_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 7 bytes"):
        make(b"123456")


def test_ten_thousand_serials_differ_and_use_every_sign_at_every_random_place() -> None:
    made = {plain(make(number.to_bytes(7, "big"))) for number in range(10_000)}
    assert len(made) == 10_000
    for place in range(LENGTH):
        assert {serial[place] for serial in made} == set(ALPHABET)
