"""One QTI item taken apart: declarations, program, body without its interactions, feedback."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assessments.exchange.building import number, short
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.markup.escaping import MARKS
from assessments.exchange.markup.reading import Markdown
from assessments.exchange.naming import one_line
from assessments.exchange.qti.processing import Program, Unknown, template_name
from assessments.exchange.qti.values import Declaration, Value, read_declaration, read_values

Media = Callable[[str], "str | None"]
_INLINE = ("textEntryInteraction", "inlineChoiceInteraction")


def is_interaction(element: Any) -> bool:
    """Say whether an element takes an answer."""
    return isinstance(element.tag, str) and element.tag.endswith("Interaction")


@dataclass
class Item:
    """A normalised assessmentItem on its way to a draft. `media` finds the pictures it shows."""

    root: Any
    draft: Draft
    media: Media
    declarations: dict[str, Declaration] = field(default_factory=dict)
    program: Program = field(init=False)
    interactions: list[Any] = field(default_factory=list)
    guidance: str = ""
    _feedback: list[tuple[str, str, bool, str]] | None = None

    def __post_init__(self) -> None:
        root = self.root
        body = root.find("itemBody")
        if body is None:
            raise Refusal("it has no itemBody: expected what is asked")
        if root.get("adaptive") == "true":
            raise Refusal("it is adaptive, asking in several rounds, which items here do not")
        if root.find("templateDeclaration") is not None or root.find("templateProcessing") is not None:
            raise Refusal("its text is made from templates for each attempt, which items here cannot do")
        for one in root.iter():
            # Words could bring marks of gaps of their own.
            one.text = MARKS.sub("", one.text) if one.text else one.text
            one.tail = MARKS.sub("", one.tail) if one.tail else one.tail
        self.interactions = [one for one in body.iter() if is_interaction(one)]
        used = {one.get("responseIdentifier") for one in self.interactions}
        for one in root.findall("responseDeclaration"):
            if one.get("identifier") in used:
                self.declarations[one.get("identifier")] = read_declaration(one)
        self.program = _program(root, self.declarations)

    @property
    def body(self) -> Any:
        """The element that holds what is asked."""
        return self.root.find("itemBody")

    def declaration(self, interaction: Any) -> Declaration:
        """Return the response of an interaction; raises Refusal where it is not declared."""
        found = self.declarations.get(interaction.get("responseIdentifier", ""))
        if found is None:
            raise Refusal(f"the response {interaction.get('responseIdentifier')!r} is not declared")
        return found

    def markdown(
        self, element: Any, special: Callable[[Any], str | None] | None = None, *, phrase: bool = False
    ) -> str:
        """Return the Markdown of an element, its losses noted."""
        reader = Markdown(media=self.media, special=special or self.quiet)
        made = reader.phrase(element) if phrase else reader.blocks(element)
        for loss in reader.losses:
            self.draft.changed(loss)
        return made

    def quiet(self, element: Any) -> str | None:
        """Leave out what is no text for the learner; None for everything else."""
        name = element.tag
        if name.startswith("feedback"):
            # Feedback within an option is the option's own, and is read with it.
            if not any(one.tag == "simpleChoice" for one in element.iterancestors()):
                said = short("".join(element.itertext()))
                self.draft.changed(f"feedback within its text is left out: “{said}”")
            return ""
        if element.get("data-role") == "tooltip-content":
            self.draft.changed(f"the words of a tooltip are left out: “{short(''.join(element.itertext()))}”")
            return ""
        if name == "rubricBlock":
            return self._rubric(element)
        if name in ("printedVariable", "templateInline", "templateBlock", "infoControl", "positionObjectStage"):
            raise Refusal(f"its text holds {name}, which is made for each attempt")
        if name == "prompt" or is_interaction(element):
            return ""
        return None

    def _rubric(self, element: Any) -> str | None:
        views = element.get("view", "candidate").split()
        if "candidate" in views:
            return None
        if "scorer" in views and not self.guidance:
            self.guidance = self.markdown(element, lambda one: None, phrase=True)
        else:
            self.draft.changed(f"a note for {', '.join(views)} is left out")
        return ""

    def stem(self, gap: Callable[[Any], str] | None = None) -> str:
        """Return what is asked: the body and the prompts of its interactions; `gap` marks the inline ones."""

        def special(element: Any) -> str | None:
            if is_interaction(element) and gap is not None and element.tag in _INLINE:
                return gap(element)
            return self.quiet(element)

        parts = [self.markdown(self.body, special)]
        for one in self.interactions:
            prompt = one.find("prompt")
            if prompt is not None:
                asked = self.markdown(prompt)
                # Some systems write what is asked both above an interaction and in it.
                parts += [asked] if asked not in parts else []
        return "\n\n".join(one for one in parts if one)

    def declared_points(self) -> Fraction | None:
        """Return what the item says that a full answer is worth, None where it says nothing."""
        for one in self.root.findall("outcomeDeclaration"):
            if one.get("identifier") == "MAXSCORE":
                found = number(one.findtext("defaultValue/value") or "")
                if found is not None and found > 0:
                    return found
        for one in self.root.findall("outcomeDeclaration"):
            if one.get("identifier") == "SCORE":
                found = number(one.get("normalMaximum", ""))
                return found if found is not None and found > 0 else None
        return None

    def modal_feedback(self) -> list[tuple[str, str, bool, str]]:
        """Return the feedback shown after an answer: outcome, identifier, whether it is shown then, and its text."""
        if self._feedback is None:
            self._feedback = [
                (
                    one.get("outcomeIdentifier", ""),
                    one.get("identifier", ""),
                    one.get("showHide", "show") != "hide",
                    self.markdown(one),
                )
                for one in self.root.findall("modalFeedback")
            ]
        return self._feedback

    def shown_after(self, answers: Mapping[str, Value]) -> list[str]:
        """Return the texts of the feedback shown after an answer."""
        feedback = self.modal_feedback()
        if not feedback:
            return []
        try:
            outcomes = self.program.run(answers)
        except Unknown:
            return []
        found = []
        for outcome, identifier, show, text in feedback:
            value = outcomes.get(outcome)
            holds = value is not None and identifier in value.items
            if holds == show and text:
                found.append(text)
        return found

    def place_feedback(self, right: Mapping[str, Value], wrong: list[Mapping[str, Value]]) -> None:
        """Keep feedback that every answer is shown as the explanation, and name what is left out."""
        everywhere = self.shown_after(right)
        for one in wrong:
            seen = self.shown_after(one)
            everywhere = [text for text in everywhere if text in seen]
        for _, _, _, text in self.modal_feedback():
            if text and text not in everywhere:
                self.draft.changed(f"feedback for some answers only is left out: “{short(text)}”")
        if everywhere:
            self.draft.rationale = "\n\n".join(dict.fromkeys(everywhere))


def _program(root: Any, declarations: Mapping[str, Declaration]) -> Program:
    rules = root.find("responseProcessing")
    template = ""
    if rules is not None:
        address = rules.get("template") or rules.get("templateLocation") or ""
        # Rules of its own go before a template that is only named.
        template = template_name(address) if address and len(rules) == 0 else ""
    outcomes: dict[str, Value] = {}
    for one in root.findall("outcomeDeclaration"):
        default = one.find("defaultValue")
        cardinality, base = one.get("cardinality", "single"), one.get("baseType", "identifier")
        try:
            value = read_values(default, cardinality, base)
        except Refusal:
            value = Value((), cardinality, base)
        if value.null and base in ("float", "integer") and cardinality == "single":
            value = Value((Fraction(0),), cardinality, base)
        outcomes[one.get("identifier", "")] = value
    return Program(declarations, outcomes, rules, template)


def title_of(root: Any) -> str:
    """Return the title of an item."""
    return one_line(root.get("title") or "")
