"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.accounts import passwords


@pytest.mark.parametrize(
    "good",
    ["correct horse battery staple", "quiet lamp under rain", "ward-lamp-rain-73", "twelve chars", "älter würde gern",
     "患者さんの安全をいつも第一に考える", "aaa bbb ccc ddd", "Learner-Pass-2026-x", "test-password-123"],
)  # fmt: skip
def test_length_is_enough(good: str) -> None:
    assert passwords.fault(good, email="asha@example.org", name="Asha Sample") is None


@pytest.mark.parametrize(
    "weak",
    ["password1234", "Password2026!", "PASSWORDPASSWORD", "p@ssw0rd1234", "P4ssw0rd!!!!!", "123456789012",
     "qwertyuiop12", "qwertyuiopas", "abcdefghijkl", "aaaaaaaaaaaa", "abcabcabcabc", "121212121212", "hospital2026!",
     "987654321098", "letmeinletmein", "!!!administrator!!!", "summer2026!!", "111122223333", "zxcvbnm123456"],
)  # fmt: skip
def test_what_attackers_try_first_is_refused(weak: str) -> None:
    assert "attackers try first" in (passwords.fault(weak) or "")


@pytest.mark.parametrize("own", ["asha.sample.2026", "AshaSample1234", "sampleasha!!!!", "asha@example.org"])
def test_ones_own_name_and_e_mail_are_refused(own: str) -> None:
    assert "your own name" in (passwords.fault(own, email="asha@example.org", name="Asha Sample") or "")


def test_a_name_inside_a_longer_phrase_is_no_fault() -> None:
    assert passwords.fault("asha likes quiet rain", email="asha@example.org", name="Asha Sample") is None


@given(st.text(max_size=11))
def test_fewer_than_twelve_characters_are_refused(text: str) -> None:
    if len(passwords._plain(text)) < 12:
        assert "12 characters" in (passwords.fault(text) or "")


@settings(max_examples=200)
@given(st.text(min_size=12, max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_every_text_gets_an_answer(text: str, email: str, name: str) -> None:
    found = passwords.fault(text, email=email, name=name)
    assert found is None or found


def test_the_list_is_long_and_in_lower_case() -> None:
    kept = passwords.common()
    assert len(kept) >= 1000
    assert all(word == word.lower() for word in kept)
    assert sum(len(word) >= 12 for word in kept) >= 500


def test_a_password_is_kept_as_argon2id_with_its_own_salt() -> None:
    first, second = passwords.hashed("quiet lamp under rain"), passwords.hashed("quiet lamp under rain")
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.matches(first, "quiet lamp under rain")
    assert not passwords.matches(first, "quiet lamp under rain ")


def test_the_cost_in_use_is_that_of_the_advice_or_more() -> None:
    """OWASP's floor for Argon2id: 19 MiB with two passes."""
    used = passwords.PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
    assert (used.time_cost * used.memory_cost) >= 2 * 19 * 1024


@pytest.mark.parametrize("broken", ["", "x", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_a_broken_hash_lets_nobody_in(broken: str) -> None:
    assert not passwords.matches(broken, "anything at all")
