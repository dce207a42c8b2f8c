// The editor of lessons and questions: a text field of the browser, with line numbers, a way from a message to its
// line, and buttons that insert. Loaded by app.js where a page has [data-editor]; without it the field still writes.
export function start({ $, $$, on }) {
  const field = $("textarea[data-editor]"), gutter = $("[data-gutter]");

  // Line numbers, with the mark of the worst message on a line. The field grows with its text; the page scrolls.
  function number() {
    const count = field.value.split("\n").length, marks = {};
    for (const button of $$("[data-line]")) {
      const line = button.dataset.line;
      if (marks[line] !== "e") marks[line] = button.closest(".is-err, .is-bad") ? "e" : "w";
    }
    field.rows = Math.max(count + 1, 24);
    gutter?.replaceChildren(...Array.from({ length: count }, (_, at) => {
      const mark = Object.assign(document.createElement("span"), { textContent: `${at + 1}\n` });
      if (marks[at + 1]) mark.className = marks[at + 1];
      return mark;
    }));
  }
  field.addEventListener("input", number);
  on("refreshed", number);
  number();

  on("click", event => {
    const jump = event.target.closest?.("[data-line]"), insert = event.target.closest?.("[data-insert]");
    if (jump) {
      const lines = field.value.split("\n"), at = Math.min(Math.max(+jump.dataset.line, 1), lines.length) - 1;
      const start = lines.slice(0, at).join("\n").length + (at ? 1 : 0);
      field.focus();
      field.setSelectionRange(start, start + lines[at].length);
    }
    // "**…**": the dots stand for the selection, or stay selected to be written over. The browser's own insertion
    // keeps its undo.
    if (insert) {
      const [before, after = ""] = insert.dataset.insert.replaceAll("\\n", "\n").split("…");
      const chosen = field.value.slice(field.selectionStart, field.selectionEnd) || insert.dataset.sample || "";
      const start = field.selectionStart + before.length;
      field.focus();
      if (!document.execCommand("insertText", false, before + chosen + after)) field.setRangeText(before + chosen + after);
      field.setSelectionRange(start, start + chosen.length);
    }
  });
}
