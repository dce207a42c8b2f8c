"""Serial numbers of certificates: twelve characters that survive being read aloud and typed again.

A serial is eleven random characters and one check character, shown as `XXXX-XXXX-XXXX`. The alphabet has
32 signs, without I, L, O and U, so that nothing looks like a one or a zero. This module may not know where
its randomness comes from nor which serials are already taken.
"""

from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
ENTROPY_BYTES = 7  # The least that fills the 55 random bits.

_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
# What people put between groups when they copy a number: blanks, hyphens and the dashes that word
# processors make of them.
_IGNORED = dict.fromkeys(map(ord, " \t\r\n\u00a0\u202f\u00ad-\u2010\u2011\u2012\u2013\u2014\u2212"))


def make(entropy: bytes) -> str:
    """Return the serial that belongs to `entropy`, for example `K7QD-42MX-90FT`.

    `entropy` is at least 7 bytes from a source of randomness; all of it counts, and the same bytes give the
    same serial. A serial holds 55 random bits. Raises ValueError for fewer bytes.
    """
    if len(entropy) < ENTROPY_BYTES:
        raise ValueError(f"expected at least {ENTROPY_BYTES} bytes of entropy, got {len(entropy)}")
    number = int.from_bytes(sha256(entropy).digest()[:ENTROPY_BYTES], "big") >> 1
    body = [(number >> (5 * place)) & 31 for place in reversed(range(LENGTH - 1))]
    return _grouped([*body, _check_value(body)])


def normalise(text: str) -> str | None:
    """Return the serial that `text` means in its printed form, or None where it is none.

    Case, blanks, hyphens, O for 0 and I or L for 1 are forgiven. Anything else that is malformed, and every
    serial whose check character does not fit, gives None.
    """
    if len(text) > 64:
        return None
    plain = text.translate(_IGNORED)
    # Outside ASCII, upper() turns some letters into two or into a Latin one.
    if not plain.isascii():
        return None
    signs = plain.upper().translate(_FORGIVEN)
    if len(signs) != LENGTH or any(sign not in _VALUES for sign in signs):
        return None
    values = [_VALUES[sign] for sign in signs]
    return _grouped(values) if _check_value(values[:-1]) == values[-1] else None


def _check_value(body: list[int]) -> int:
    """Return the value of the check character.

    The signs are elements of the field of 32 elements and each place has another power of its generator as
    weight (Horner's rule). Weights differ and none is zero, so every change of one character and every swap
    of two different characters changes the sum.
    """
    total = 0
    for value in body:
        total = _times_generator(total ^ value)
    return total


def _times_generator(value: int) -> int:
    """Multiply by x in the field of polynomials over GF(2) modulo x^5 + x^2 + 1."""
    shifted = value << 1
    return shifted ^ 0b100101 if shifted & 32 else shifted


def _grouped(values: list[int]) -> str:
    signs = "".join(ALPHABET[value] for value in values)
    return "-".join(signs[start : start + 4] for start in range(0, LENGTH, 4))
