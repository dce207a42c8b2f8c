"""How long and how hard a text is to read: time from its words, grade from its sentences."""

import re
from fractions import Fraction

WORDS_A_MINUTE = 200
SECONDS_A_PICTURE = 12
SECONDS_A_CHECK = 45
FEWEST_WORDS = 120
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_minutes(words: int, pictures: int, checks: int) -> Fraction:
    """Return the minutes that a lesson takes a calm reader: 200 words a minute, 12 s a picture, 45 s a check."""
    seconds = SECONDS_A_PICTURE * pictures + SECONDS_A_CHECK * checks
    return Fraction(words, WORDS_A_MINUTE) + Fraction(seconds, 60)


def syllables(word: str) -> int:
    """Estimate the syllables of an English word from its vowel groups, a silent e at the end left out."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(1, count)


def reading_grade(prose: str) -> float | None:
    """Return the Flesch–Kincaid grade of English prose, None where the text is too short to say.

    0.39 words a sentence + 11.8 syllables a word − 15.59 (Kincaid, Fishburne, Rogers and Chissom 1975, Research Branch
    Report 8-75, derived on the reading of United States Navy staff). It is an indication, no measurement: syllables
    are estimated, a well-known long word counts as a hard one, and whether a sentence makes sense it does not see.
    Lines without a full stop, as in lists and headings, count as sentences only from five words.
    """
    sentences = [_WORD.findall(part) for part in _SENTENCE.split(prose)]
    sentences = [words for words in sentences if len(words) >= 5]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < FEWEST_WORDS:
        return None
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
