"""A page as somebody uses it who has a keyboard and nothing else: reaching, seeing where one is, answering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.courses import Question

FAR = 90  # presses of Tab within which everything on a page of the product is reached
ENDLESS = 400  # a page with more stops than this holds the focus
NEAR = 3  # and from where one was left

# Where the focus is, and what is wrong with how it shows. A radio in a labelled row may show the ring on the row.
WHERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return { at: "", wrong: "" };
  e.dataset.stop = "yes";
  const name = (e.getAttribute("aria-label") || e.innerText || e.closest("label")?.innerText || e.name || e.id || "");
  const at = `${e.tagName.toLowerCase()} ${name.trim().replace(/\\s+/g, " ").slice(0, 60)}`;
  const ring = x => {
    const s = getComputedStyle(x);
    return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
  };
  if (e.type === "date" && !e.matches(":focus")) return { at, wrong: "" };  // the browser rings its own calendar button
  const shown = [e, e.closest("label"), e.closest("details")].find(x => x && ring(x));
  if (!shown) return { at, wrong: "no visible focus" };
  const r = shown.getBoundingClientRect();
  if (r.width < 2 || r.height < 2) return { at, wrong: "the focused control has no size" };
  const xs = [.1, .5, .9].map(f => r.left + f * r.width), ys = [.1, .5, .9].map(f => r.top + f * r.height);
  const hit = xs.some(x => ys.some(y => {
    const top = document.elementFromPoint(x, y);
    return top && (shown.contains(top) || top.contains(shown));
  }));
  return { at, wrong: hit ? "" : "the focused control is out of sight or covered" };
}"""
IS = "(words) => document.activeElement.matches(words)"
LAST_STEP = "fieldset:not(:has(~ fieldset [name^=step-])) [name^=step-]"
# The text of the option, choice or entry that the focus is on.
READS = """() => {
  const e = document.activeElement;
  if (e.tagName === "SELECT") return e.selectedOptions[0].textContent.trim();
  return (e.closest("label").querySelector(":scope > span:last-child") ?? e.closest("label")).textContent.trim();
}"""
# What the Tab key must reach and did not: one of each group of radios, and nothing that is closed or hidden.
MISSED = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
  const group = e => e.type === "radio" ? `${e.form?.action} ${e.form?.id} ${e.name}` : null;
  const reached = new Set(all.filter(e => e.dataset.stop).map(group).filter(Boolean));
  return all.filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden" && !e.dataset.stop
    && e.checkVisibility({ visibilityProperty: true }) && !reached.has(group(e))).map(e => e.outerHTML.slice(0, 120));
}"""


class Keyboard:
    """The keys of a page. Every stop is looked at: where it is, that the focus shows and that nothing covers it."""

    def __init__(self, page: Page, *, moves: bool = False) -> None:
        self.page = page
        self.moves = moves  # entries are put in order with the buttons beside them, and not by their places
        self.stops: list[str] = []
        self.wrong: list[str] = []

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            self.page.keyboard.press(key)

    def tab(self, *, back: bool = False) -> str:
        """Press Tab, or Shift and Tab, and say where the focus is now; "" where it left the page."""
        self.press("Shift+Tab" if back else "Tab")
        found = self.page.evaluate(WHERE)
        if found["wrong"]:
            self.wrong.append(f"{self.page.url.split('/', 3)[-1]}, {found['at']}: {found['wrong']}")
        self.stops.append(found["at"])
        return str(found["at"])

    def to(self, words: str, within: int = FAR) -> None:
        """Press Tab until what a selector means has the focus, at most so many times."""
        before = len(self.stops)
        for _ in range(within):
            if self.page.evaluate(IS, words):
                return
            self.tab()
        assert self.page.evaluate(IS, words), f"no way to {words} on {self.page.url}: {self.stops[before:]}"

    def reads(self) -> str:
        """What is written beside the radio or box that has the focus, or what the list with the focus says."""
        return str(self.page.evaluate(READS))

    def choose(self, words: str, text: str, within: int = FAR) -> None:
        """Choose an option by its text among the radios that a selector means."""
        self.to(words, within)
        self.press("Space")
        for _ in range(12):
            if self.reads().startswith(text):
                return
            self.press("ArrowDown")
        raise AssertionError(f"The arrow keys do not reach {text}")

    def select(self, text: str) -> None:
        """Choose from the list that has the focus."""
        self.press("Home")
        for _ in range(12):
            if self.reads() == text:
                return
            self.press("ArrowDown")
        raise AssertionError(f"The arrow keys do not reach {text}")

    def answer(self, form: str, question: Question) -> None:
        """Give the right answer to a question in a form, with keys alone."""
        match question.type:
            case "single" | "concordance":
                self.choose(f"{form} [name=answer]", question.right)
            case "multiple":
                self._tick(form, question.right)
            case "numeric" | "text" | "essay":
                self.to(f"{form} [name=answer]")
                self.page.keyboard.type(question.right)
            case "cloze":
                for number, text in enumerate(question.right, 1):
                    self.to(f"{form} [name=gap-{number}]")
                    self.page.keyboard.type(text)
            case "matching":
                self._match(form, question.right)
            case "ordering" if self.moves:
                self._move(form, question.right)
            case "ordering":
                self._order(form, question.right)
            case "branching":
                for steps, text in enumerate(question.right, 1):
                    # The page comes back where a decision led, not at its top.
                    self.choose(f"{form} {LAST_STEP}", text, FAR if steps == 1 else NEAR)
                    self.to(f"{form} button[value=stay]")
                    self.press("Enter")
                    expect(self.page.locator(form).get_by_text("What happened")).to_have_count(steps)

    def _tick(self, form: str, texts: Sequence[str]) -> None:
        boxes = self.page.locator(f"{form} [name=answer]").count()
        self.to(f"{form} [name=answer]")
        for place in range(boxes):
            if self.reads() in texts:
                self.press("Space")
            if place < boxes - 1:
                self.tab()

    def _match(self, form: str, pairs: dict[str, Any]) -> None:
        for left in self.page.locator(f"{form} .matching label").all():
            self.to(f"#{left.get_attribute('for')}")
            self.select(pairs[left.inner_text()])

    def _order(self, form: str, texts: Sequence[str]) -> None:
        for entry in self.page.locator(f"{form} .ordering select").all():
            name = str(entry.get_attribute("aria-label"))
            self.to(f"{form} [name={entry.get_attribute('name')}]")
            self.select(str(1 + next(place for place, text in enumerate(texts) if name.endswith(text))))

    def _move(self, form: str, texts: Sequence[str]) -> None:
        within = FAR
        entries = self.page.locator(f"{form} .ordering select")
        for place, text in enumerate(texts):
            for at in range(self._place(form, text), place, -1):
                name = str(entries.nth(at).get_attribute("name"))
                self.to(f"{form} button[value='up:{name.removeprefix('place-')}']", within)
                self.press("Enter")
                expect(entries.nth(at - 1)).to_have_attribute("name", name)
                within = NEAR
            within = FAR
        if entries.first.input_value() == "":  # in order by chance, and not yet said to be
            self.to(f"{form} button[value^='up:']")
            self.press("Enter")
            expect(entries.first).to_have_value("1")

    def _place(self, form: str, text: str) -> int:
        entries = self.page.locator(f"{form} .ordering select").all()
        return next(n for n, entry in enumerate(entries) if str(entry.get_attribute("aria-label")).endswith(text))

    def round(self) -> None:
        """Walk over the page from its top: everything is reached, both ways, and nothing holds the focus."""
        self.page.goto(self.page.url.split("#")[0])
        before = len(self.stops)
        while self.tab():
            assert len(self.stops) - before < ENDLESS, f"no end of {self.page.url}: {self.stops[-20:]}"
        assert self.page.evaluate(MISSED) == [], self.page.url
        stops = self.stops[before:-1]
        back = [self.tab(back=True) for _ in stops[-5:]]  # from behind the page into its end again
        assert back == stops[-5:][::-1], self.page.url

    def skip(self) -> None:
        """The first stop of a page leads past its bar: what comes after it lies in the main part."""
        self.page.goto(self.page.url.split("#")[0])
        assert self.tab() == "a Skip to content"
        self.press("Enter")
        self.tab()
        assert self.page.evaluate(IS, "main *"), f"{self.stops[-1]} on {self.page.url}"
