"""The paper: facts become the one-page certificate, before it is signed.

It states every fact, each once, and steps its sizes down until the text fits one page. Texts on it are
English; a name or title in another language is marked as such, so that it is drawn and read aloud rightly.
This module may not know how the page is signed or stored, nor whether the certificate is still valid.
"""

from datetime import date
from decimal import Decimal
from html import escape
from unicodedata import east_asian_width

from certificates import scripts
from certificates.assets import style
from certificates.drawings import qr_svg
from certificates.facts import CertificateFacts
from certificates.press import TooManyPages, press

LANGUAGE = "en"
NO_CREDIT = "Certificate of completion. No accredited credit."
# The steps of certificate.css; each makes every text of the body smaller. They are tried in order, so most
# certificates are laid out once.
DENSITIES = range(8)
# The text of a body, in characters, for which it is no use to try densities 0, 1, 2 and so on.
_HEAVY = (300, 420, 700, 1400, 2400, 3500)
# A name or title of so many characters takes the next smaller step of its own.
_NAME_STEPS = (15, 19, 25, 60, 100)
_TITLE_STEPS = (30, 40, 80, 140)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TRADEMARK = "AMA PRA Category 1 Credit(s)"


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """Return the certificate as an unsigned PDF/UA-1 of one A4 landscape page; same facts, same bytes.

    Raises press.MissingLetters where no installed font can draw the name or another text.
    """
    name_language = scripts.language_of(facts.name, LANGUAGE)
    title_language = scripts.language_of(facts.course_title, facts.language)
    tag_languages = {
        tag: language for tag, language in (("H1", name_language), ("H2", title_language)) if language != LANGUAGE
    }
    for density in DENSITIES[_guess(facts) :]:
        try:
            return press(
                _markup(facts, density, name_language, title_language),
                [style("certificate.css")],
                title=f"Certificate {facts.serial}: {facts.course_title}",
                language=LANGUAGE,
                author=facts.issuer,
                keywords=(facts.serial, facts.course_code),
                created=facts.issued_on,
                tag_languages=tag_languages,
                most_pages=1,
                whole=True,
            )
        except TooManyPages:
            if density == DENSITIES[-1]:
                raise
    raise AssertionError("the last density returns or raises")


def _guess(facts: CertificateFacts) -> int:
    """Return the first density worth trying; each one tried in vain costs half a press."""
    weight = sum(len(statement) for _, _, statement in facts.credits)
    weight += sum(len(title) + len(name) + 20 for _, title, _, name in facts.competencies)
    weight += 3 * max(0, len(facts.name) - 25) + 2 * max(0, len(facts.course_title) - 40)
    return sum(weight > heavy for heavy in _HEAVY)


def day(value: date) -> str:
    """Return a date in words, for example `27 November 2026`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def duration(minutes: int) -> str:
    """Return a length of time with its hours, for example `40 minutes (0.67 hours)`."""
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.01"))
    shown = f"{hours.normalize():f}"
    words = f"{minutes} minute" + ("" if minutes == 1 else "s")
    return f"{words} ({shown} hour" + ("" if shown == "1" else "s") + ")"


def _markup(facts: CertificateFacts, density: int, name_language: str, title_language: str) -> str:
    sample = '<p class="sample">Sample</p>' if facts.sample else ""
    learner = ", ".join(part for part in (facts.profession, facts.unit) if part)
    return (
        f'<body class="density-{density}"><div class="band"></div><div class="band end"></div>'
        '<div class="seal"></div><main>'
        f'<div class="head">{_brand(facts.issuer)}{sample}'
        '<p class="kind">Certificate of completion</p></div>'
        '<div class="body"><p class="say">This certifies that</p>'
        f"{_heading('h1', facts.name, name_language, _step(facts.name, _NAME_STEPS))}"
        f'<p class="say">{escape(learner)}, completed and passed</p>'
        f"{_heading('h2', facts.course_title, title_language, _step(facts.course_title, _TITLE_STEPS))}"
        f'<p class="facts">{_course_line(facts)}</p>{_levels(facts)}{_credits(facts)}</div><div class="room"></div>'
        f'<div class="foot">{_foot(facts)}</div></main></body>'
    )


def _brand(issuer: str) -> str:
    """Return the issuer on two lines, the part before the first comma strong."""
    first, _, rest = issuer.partition(", ")
    return f'<p class="brand{_long(issuer, 60)}"><b>{escape(first)}</b>{escape(rest)}</p>'


def _long(text: str, length: int) -> str:
    """Return the class for small letters where `text` is longer than `length`, with its blank."""
    return " long" if len(text) > length else ""


def _heading(tag: str, text: str, language: str, step: int) -> str:
    classes = [f"step-{step}"]
    if key := scripts.serif_key(language):
        classes.append(f"serif-{key}")
    if scripts.is_joined_or_wide(text):
        classes.append("own-spacing")
    tagged = f' lang="{escape(language)}"' if language != LANGUAGE else ""
    # A name from right to left keeps its own order and still stands at the page's left edge.
    run = f'<span dir="{scripts.direction_of(text)}">{escape(text)}</span>'
    return f'<{tag} class="{" ".join(classes)}"{tagged}>{run}</{tag}>'


def _step(text: str, steps: tuple[int, ...]) -> int:
    """Return how many of the lengths `steps` the text exceeds; wide characters count as two."""
    width = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
    return sum(width > length for length in steps)


def _course_line(facts: CertificateFacts) -> str:
    parts = [
        f"Course <b>{escape(facts.course_code)}</b>, edition <b>{escape(facts.edition)}</b>",
        f"{duration(facts.minutes)}",
    ]
    if facts.score is not None:
        parts.append(f"score <b>{facts.score.quantize(Decimal('0.1'))}%</b>")
    return ", ".join(parts) + "."


def _levels(facts: CertificateFacts) -> str:
    if not facts.competencies:
        return ""
    shown = "; ".join(
        f"{escape(title)} ({escape(code)}), level <b>{level}</b>" + (f" {escape(level_name)}" if level_name else "")
        for code, title, level, level_name in facts.competencies
    )
    return f'<p class="facts levels">{shown}.</p>'


def _credits(facts: CertificateFacts) -> str:
    """Return the statements, a paragraph a type: credits of different types are never added or mixed."""
    if not facts.credits:
        return f'<p class="credit">{NO_CREDIT}</p>'
    return "".join(
        f'<p class="credit">{_statement(statement)} <b>Awarded: {amount.normalize():f}.</b></p>'
        for _, amount, statement in facts.credits
    )


def _statement(statement: str) -> str:
    """Return a statement with the accreditor's name for its credit in italics, as its owner asks."""
    return escape(statement).replace(_TRADEMARK, f"<i>{_TRADEMARK}</i>")


def _foot(facts: CertificateFacts) -> str:
    until = day(facts.valid_until) if facts.valid_until else "No expiry"
    shown = facts.verify_url.split("://", 1)[1]
    signed = _long(facts.signatory_name + facts.signatory_title, 110)
    return (
        f'<p class="issued"><span class="label">Issued</span><span class="value">{day(facts.issued_on)}</span></p>'
        f'<p class="until"><span class="label">Valid until</span><span class="value">{until}</span></p>'
        f'<p class="serial"><span class="label">Certificate</span><span class="value">{facts.serial}</span></p>'
        f'<p class="signatory{signed}"><span class="value">{escape(facts.signatory_name)}</span>'
        f"<span>{escape(facts.signatory_title)}</span></p>"
        f"{qr_svg(facts.verify_url, 'QR code that opens the verification page')}"
        f'<p class="verify{_long(shown, 60)}">Verify at <a href="{escape(facts.verify_url)}">{escape(shown)}</a></p>'
    )
