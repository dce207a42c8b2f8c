"""Scripts: the language and direction of a name are read off its letters."""

import pytest

from certificates import scripts


@pytest.mark.parametrize(
    ("name", "default", "expected"),
    [
        ("Asha Sample", "en", "en"),
        ("Müller-Beispiel", "en", "en"),
        ("Nguyễn Thị Mẫu", "en", "vi"),
        ("Đặng Văn Mẫu", "vi", "vi"),
        ("Ștefănescu", "en", "en"),
        ("Đurđić", "en", "en"),
        ("Ελένη Παραδείγματος", "en", "el"),
        ("Екатерина Примерова", "en", "und-Cyrl"),
        ("Екатерина Примерова", "uk", "uk"),
        ("عائشة نموذج", "en", "und-Arab"),
        ("عائشة نموذج", "fa", "fa"),
        ("דוגמה כהן", "en", "he"),
        ("样本小明", "en", "zh"),
        ("樣本小明", "zh-Hant", "zh-Hant"),
        ("見本 さくら", "en", "ja"),
        ("見本", "ja", "ja"),
        ("김견본", "en", "ko"),
        ("สมชาย ตัวอย่าง", "en", "th"),
        ("Asha Sample", "ja", "und-Latn"),
        ("Asha 见本", "en", "zh"),
        ("123 – 456", "en", "en"),
        ("", "en", "en"),
    ],
)
def test_the_language_of_a_name(name: str, default: str, expected: str) -> None:
    assert scripts.language_of(name, default) == expected


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Asha", "ltr"), ("عائشة", "rtl"), ("דוגמה", "rtl"), ("1. عائشة", "rtl"), ("见本", "ltr"), ("12", "ltr")],
)
def test_the_first_strong_letter_gives_the_direction(text: str, direction: str) -> None:
    assert scripts.direction_of(text) == direction


@pytest.mark.parametrize(
    ("language", "key"),
    [
        *(("en", ""), ("vi", ""), ("ja", "ja"), ("ko-KR", "ko"), ("zh", "zh-hans"), ("zh-Hans-CN", "zh-hans")),
        *(("zh-TW", "zh-hant"), ("zh-Hant", "zh-hant"), ("und-Arab", "arabic"), ("fa", "arabic")),
    ],
)
def test_the_national_shapes_of_letters_follow_the_language(language: str, key: str) -> None:
    assert scripts.serif_key(language) == key


def test_joined_and_wide_scripts_keep_their_own_spacing() -> None:
    assert scripts.is_joined_or_wide("عائشة")
    assert scripts.is_joined_or_wide("样本")
    assert not scripts.is_joined_or_wide("Ελένη Примерова Asha")
