"""Scripts and languages: which language tag and which fonts a run of text needs.

A name is printed as its owner writes it, so it may stand in another script than the page. This module reads
the script off the letters. It may not know fonts beyond their family names, nor anything about people.
"""

import unicodedata

# Families for names and titles (serif) after Source Serif 4, by script. The CJK families share their
# characters, so the order decides which national shapes are drawn.
SERIF_FAMILIES = {
    "arabic": ("Noto Naskh Arabic", "Noto Sans Arabic"),
    "zh-hans": ("Noto Serif CJK SC",),
    "zh-hant": ("Noto Serif CJK TC",),
    "ja": ("Noto Serif CJK JP",),
    "ko": ("Noto Serif CJK KR",),
}

# The first word of a character's Unicode name tells its script; these are the ones with an own tag.
_TAGS = {
    "GREEK": "el",
    "CYRILLIC": "und-Cyrl",
    "ARABIC": "und-Arab",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "BOPOMOFO": "zh",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "DEVANAGARI": "und-Deva",
    "BENGALI": "und-Beng",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "und-Ethi",
}
# Which scripts a language's own texts are in; a run in one of them needs no other tag.
_OWN_SCRIPTS = {
    "ja": {"HIRAGANA", "KATAKANA", "CJK"},
    "zh": {"CJK", "BOPOMOFO"},
    "ko": {"HANGUL", "CJK"},
    "el": {"GREEK"},
    **{language: {"ARABIC"} for language in ("ar", "fa", "ur", "ps", "ckb", "ug")},
    **{language: {"CYRILLIC"} for language in ("ru", "uk", "bg", "be", "mk", "kk", "ky", "mn", "tg")},
    "sr": {"CYRILLIC", "LATIN"},
    "he": {"HEBREW"},
    "th": {"THAI"},
    **{language: {"DEVANAGARI"} for language in ("hi", "mr", "ne")},
    "bn": {"BENGALI"},
    "ta": {"TAMIL"},
    "te": {"TELUGU"},
    "ka": {"GEORGIAN"},
    "hy": {"ARMENIAN"},
    "am": {"ETHIOPIC"},
}
# Letters of Vietnamese below its own block; Romanian and Croatian share one each, no other language two.
_VIETNAMESE = frozenset("ăđơư")


def language_of(text: str, default: str) -> str:
    """Return the BCP 47 tag under which `text` should be read aloud and drawn.

    `default` is the tag of the page or course; it is returned wherever the letters of `text` can belong to
    it. A script that several languages share gives `und` with the script, because a guess would be read
    aloud with the wrong voice.
    """
    scripts = _scripts(text)
    base = default.split("-")[0].lower()
    if not scripts or scripts <= _OWN_SCRIPTS.get(base, {"LATIN"}):
        if base != "vi" and _looks_vietnamese(text):
            return "vi"
        return default
    # Kana decides for Japanese and Hangul for Korean, even where most characters are Han.
    for telling in ("HIRAGANA", "KATAKANA", "HANGUL"):
        if telling in scripts:
            return _TAGS[telling]
    foreign = scripts - {"LATIN"}
    if "CJK" in foreign:
        return default if base in ("ja", "zh", "ko") else "zh"
    own = _OWN_SCRIPTS.get(base, {"LATIN"})
    if foreign and foreign <= own:
        return default
    if not foreign:
        return "und-Latn"
    main = max(sorted(foreign), key=lambda script: sum(_script(sign) == script for sign in text))
    return _TAGS.get(main, "und")


def direction_of(text: str) -> str:
    """Return `rtl` where the first strong character of `text` runs from right to left, else `ltr`."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def serif_key(language: str) -> str:
    """Return the key of SERIF_FAMILIES for a language tag, or an empty string where none is needed."""
    tag = language.lower()
    base = tag.split("-")[0]
    if base == "zh":
        return "zh-hant" if any(part in tag for part in ("hant", "tw", "hk", "mo")) else "zh-hans"
    if base in ("ja", "ko"):
        return base
    if "arab" in tag or base in ("ar", "fa", "ur", "ps", "ckb", "ug"):
        return "arabic"
    return ""


def is_joined_or_wide(text: str) -> bool:
    """Tell whether the letters of `text` must keep their own spacing (anything but plain alphabets)."""
    return bool(_scripts(text) - {"LATIN", "GREEK", "CYRILLIC"})


def _looks_vietnamese(text: str) -> bool:
    letters = set(unicodedata.normalize("NFC", text).lower())
    return any("\u1ea0" <= letter <= "\u1ef9" for letter in letters) or len(letters & _VIETNAMESE) >= 2


def _scripts(text: str) -> set[str]:
    return {script for sign in text if (script := _script(sign))}


def _script(sign: str) -> str:
    # Modifier letters and ordinal signs go with any script.
    if unicodedata.category(sign) not in ("Lu", "Ll", "Lt", "Lo"):
        return ""
    script = unicodedata.name(sign, "").split(" ")[0].split("-")[0]
    return "" if script in ("FEMININE", "MASCULINE", "MICRO") else script
