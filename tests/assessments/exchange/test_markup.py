"""HTML becomes Markdown that says the same, and Markdown becomes HTML that reads back the same."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.exchange.faults import Refusal
from assessments.exchange.markup.reading import Markdown, element_of
from assessments.exchange.markup.writing import plain_html
from tests.assessments.exchange.generated import stems


def markdown(source: str) -> tuple[str, list[str]]:
    reader = Markdown(media=lambda address: "media/a.png" if address == "a.png" else None)
    return reader.blocks(source), reader.losses


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain", "plain"),
        ("<p>a</p><p>b<br>c</p>", "a\n\nb<br>c"),
        ("<p>a <b>b </b>c <em>d</em> <i><b>e</b></i></p>", "a **b** c *d* ***e***"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n    - b\n- c"),
        ("<ol><li><p>a</p></li><li>b</li></ol>", "1. a\n2. b"),
        ("<h3>T</h3>x", "### T\n\nx"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td></tr></table>", "| a | b |\n| --- | --- |\n| 1\\|2 |  |"),
        ("<pre>a\n b</pre>", "```\na\n b\n```"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<code>a*b</code>", "`a*b`"),
        ('<a href="https://e.org/a(b)">x</a>', "[x](https://e.org/a%28b%29)"),
        ('<img src="a.png" alt="A pump">', "![A pump](media/a.png)"),
        (r"so \(x^2\) and \[y\] and $$z$$", "so $x^2$ and $$y$$ and $$z$$"),
        ('<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>', r"$\frac{a}{2}$"),
        (r'<math><semantics><mi>a</mi><annotation encoding="SnuggleTeX">\[ \alpha \]</annotation></semantics></math>',
         r"$\alpha$"),
        ('<script type="math/tex">a_1</script>', "$a_1$"),
        ("<s>no</s>", "~~no~~"),
        ("a____b and ____ c", "a____b and ____ c"),
        ("<span style='text-align:left'>a</span>", "a"),
        ("&lt;b&gt; 1 &lt; 2 &amp;amp; R&amp;D", "&lt;b> 1 < 2 &amp;amp; R&D"),
        ("US$5 alone", "US$5 alone"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_markdown_without_loss(source: str, expected: str) -> None:
    assert markdown(source) == (expected, [])


@pytest.mark.parametrize(
    ("source", "loss"),
    [
        ("a<script>b</script>", "a script was left out"),
        ("<iframe src='x'></iframe>", "an embedded page was left out"),
        ("<video src='x'></video>", "a video was left out"),
        ("<p style='color: red'>a</p>", "colours and fonts were left out"),
        ("<font face='x'>a</font>", "colours and fonts were left out"),
        ("<h1>a</h1>", "headings of the first two levels became headings of the third"),
        ("<table><tr><td>a</td></tr></table>", "a table without a header row takes its first row as one"),
        ("<table><tr><th colspan='2'>a</th></tr></table>", "cells of a table that reached over"),
        ("<a href='javascript:x'>a</a>", "a link to 'javascript:x' became plain words"),
        ("<img src='b.png' alt='B'>", "a picture could not be taken along: 'b.png'"),
        ("<img src='a.png'>", "a picture has no alternative text"),
        ("<math><mtable/></math>", "a formula in MathML became plain words"),
        (r"H\(_2\)O", "a space was put before a formula"),
        ("<table><tr><th><ul><li>a</ul></th></tr></table>", "inside a cell became plain lines"),
    ],
)
def test_what_is_left_out_is_named(source: str, loss: str) -> None:
    assert any(loss in one for one in markdown(source)[1])


@pytest.mark.parametrize(
    "line", ["# a", "> a", "- a", "+ a", "1. a", "2) a", "= a", ": a", "| a |", "- [x] a", "---", "___"]
)
def test_plain_words_never_become_structure(line: str) -> None:
    made, losses = markdown(f"<p>{line}</p>")
    assert losses == []
    assert " ".join(element_of(plain_html(made)).itertext()).strip() == line


def test_text_nested_without_end_is_refused() -> None:
    with pytest.raises(Refusal, match="nested deeper"):
        markdown("<div>" * 80 + "a")
    with pytest.raises(Refusal, match="nested deeper"):
        markdown("<b><i>" * 80 + "a")


words = st.text(st.sampled_from([*"ab 1.#*_-`$[]{}()<>&|~=:!\\\"'+", "é", "²"]), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(words)
def test_any_words_come_back_from_markdown_as_they_were(text: str) -> None:
    source = html.escape(text)
    if any(mark in text for mark in (r"\(", r"\[", "$$")):
        return
    made, losses = markdown(f"<p>{source}</p>")
    assert losses == []
    assert " ".join("".join(element_of(plain_html(made) or " ").itertext()).split()) == " ".join(text.split())


@settings(max_examples=60, deadline=None)
@given(stems)
def test_markdown_of_ours_comes_back_from_html_as_it_was(text: str) -> None:
    assert markdown(plain_html(text)) == (text, [])


def test_scripts_of_an_author_do_not_travel() -> None:
    made = plain_html('a <script>alert(1)</script> <b onclick="x()">b</b> [c](javascript:x)')
    assert "script" not in made
    assert "onclick" not in made
