// Reading, answering and writing: the place in a lesson, saving, letter keys, the clock, switches. Loaded by app.js where a page needs it.
export function start({ $, $$, on, word, send, refresh }) {
  // Saving while someone answers or writes: one request at a time, the latest state wins, a lost connection retries.
  const saving = new WeakMap();
  const say = (text, state = "") => {
    for (const place of $$("[data-saved]")) { if (text) place.textContent = text; place.parentElement.dataset.state = state; }
  };
  const time = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  async function save(form) {
    const now = saving.get(form) ?? saving.set(form, { wait: 2 }).get(form);
    clearTimeout(now.timer);
    if (now.busy) { now.again = true; return; }
    now.busy = true; now.again = now.dirty = false;
    try {
      const answer = await send(form.dataset.autosave, form);
      if (answer.type === "opaqueredirect" || [400, 401, 403, 409].includes(answer.status)) say(word("Closed"), "bad");
      else if (answer.status === 422) say(word("Refused"), "bad");
      else if (!answer.ok) throw answer;
      else {
        now.wait = 2;
        if (!now.dirty) say(word("Saved").replace("{}", time()), "good");
        if (form.dataset.refresh) refresh(await answer.text(), form.dataset.refresh.split(" "));
      }
    } catch {
      now.dirty = true;
      say(word("Unsaved"), "warn");
      now.timer = setTimeout(save, now.wait * 1000, form);
      now.wait = Math.min(now.wait * 2, 30);
    }
    now.busy = false;
    if (now.again) save(form);
  }
  function soon(event, delay) {
    const form = event.target.closest?.("[data-autosave]");
    if (!form || event.target.closest("[data-no-save]")) return;
    const now = saving.get(form) ?? saving.set(form, { wait: 2 }).get(form);
    now.dirty = true;
    say(null, "wait");
    clearTimeout(now.timer);
    now.timer = setTimeout(save, delay, form);
  }
  on("change", event => soon(event, 0));
  // What was answered before this file arrived, or was put back by the browser, counts as answered now.
  const touched = each => each.checked !== each.defaultChecked || (each.type === "text" && each.value !== each.defaultValue);
  for (const form of $$("[data-autosave]")) if ($$("input", form).some(touched)) save(form);
  on("input", event => { if (event.target.matches("textarea, [type=text], [type=number]")) soon(event, 900); });
  const unsaved = () => $$("[data-autosave]").filter(form => saving.get(form)?.dirty);
  addEventListener("online", () => unsaved().forEach(save));
  addEventListener("pagehide", () => unsaved().forEach(form => navigator.sendBeacon(form.dataset.autosave, new FormData(form))));
  on("submit", event => { const now = saving.get(event.target); if (now) { clearTimeout(now.timer); now.dirty = false; } });

  // Letters choose an answer, only while the focus is inside the form and not in a text field.
  on("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
    const form = event.target.closest("form");
    const input = form && /^[a-z]$/i.test(event.key) && $(`[data-key="${event.key.toUpperCase()}"]`, form);
    if (!input || input.disabled) return;
    input.checked = input.type === "radio" || !input.checked;
    input.focus();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // The clock counts to the server's deadline, whatever this computer's clock says, and speaks twice. It rounds up:
  // at 0:00 the server agrees that time is over.
  for (const timer of $$("[data-deadline]")) {
    const skew = (Date.parse(timer.dataset.now) || Date.now()) - Date.now();
    const end = Date.parse(timer.dataset.deadline), face = $("[data-clock]", timer), voice = $("[data-announce]", timer);
    let before = Infinity;
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - Date.now() - skew) / 1000)), first = before === Infinity;
      face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      for (const mark of [300, 60]) if (before > mark && left <= mark && before < Infinity) voice.textContent = mark > 60 ? word("Five") : word("One");
      if (left <= 60) timer.dataset.state = "bad";
      before = left;
      if (left) return;
      clearInterval(clock);
      voice.textContent = word("Over");
      // The page that says that time is over shows the clock too: it must not open itself again and again.
      const over = timer.dataset.over;
      if (over && !(first && new URL(over, location.href).pathname === location.pathname)) location.assign(over);
    };
    const clock = setInterval(tick, 1000);
    tick();
  }

  // A button that is a switch, such as a flag: it posts to its own address; the page stays.
  on("click", async event => {
    const button = event.target.closest?.("button[data-toggle]");
    if (!button) return;
    event.preventDefault();
    const answer = await send(button.formAction, button.form, button).catch(() => null);
    if (!answer || (!answer.ok && answer.type !== "opaqueredirect")) { say(word("Unsaved"), "warn"); return; }
    const pressed = button.ariaPressed !== "true";
    button.ariaPressed = String(pressed);
    for (const item of $$("[aria-current][data-flaggable]")) {
      item.classList.toggle("is-flagged", pressed);
      for (const each of $$("[data-flag-word]", item)) each.hidden = !pressed;
    }
  });

  // Reading: the last heading passed is the place to come back to.
  for (const lesson of $$("[data-place]")) {
    const headings = $$("article :is(h2, h3)[id]", lesson);
    let kept = "", timer;
    const keep = () => {
      const at = headings.filter(each => each.getBoundingClientRect().top < innerHeight / 3).at(-1)?.id ?? "";
      if (at === kept) return;
      kept = at;
      for (const link of $$(".rail a[href]", lesson)) {
        if (decodeURIComponent(link.hash) === `#${at}`) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
      const note = new FormData();
      note.set("place", at);
      note.set("csrf_token", $("[name=csrf_token]")?.value ?? "");
      navigator.sendBeacon(lesson.dataset.place, note);
    };
    addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(keep, 1000); }, { passive: true });
    addEventListener("pagehide", keep);
  }
}
