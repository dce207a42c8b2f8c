// Small enhancements: every page works without this file. The sentences come from data attributes of <body>,
// so that the server translates them. Events are handled on the document, so that swapped content needs no start-up.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;
const word = name => document.body.dataset[`say${name}`] ?? "";
const on = (type, run) => document.addEventListener(type, run);

const send = (url, form, submitter) => fetch(url, {
  method: "POST", body: new FormData(form, submitter), redirect: "manual", headers: { "X-Requested-With": "fetch" },
});

// Theme: the server keeps the choice in a cookie; here it only takes effect at once.
on("submit", async event => {
  const form = event.target, button = event.submitter;
  if (!form.matches("[data-theme-form]") || button?.name !== "theme") return;
  event.preventDefault();
  if (button.value) root.dataset.theme = button.value; else delete root.dataset.theme;
  for (const each of $$("[data-theme-form] [name=theme]")) each.ariaPressed = String(each.value === button.value);
  send(form.action, form, button).catch(() => {});
});

// Menus close on Escape and on a click outside.
const openMenus = () => $$(".menu[open]");
on("keydown", event => {
  if (event.key === "Escape") for (const menu of openMenus()) { menu.open = false; $("summary", menu).focus(); }
});
on("click", event => { for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false; });

// Saving while someone answers or writes: one request at a time, the latest state wins, a lost connection retries.
const saving = new WeakMap();
const say = (text, state = "") => {
  for (const place of $$("[data-saved]")) { place.textContent = text; place.parentElement.dataset.state = state; }
};
const time = () => new Date().toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
async function save(form) {
  const now = saving.get(form) ?? saving.set(form, { wait: 2 }).get(form);
  clearTimeout(now.timer);
  if (now.busy) { now.again = true; return; }
  now.busy = true; now.again = now.dirty = false;
  try {
    const answer = await send(form.dataset.autosave, form);
    if (answer.type === "opaqueredirect" || [401, 403, 409].includes(answer.status)) say(word("Closed"), "bad");
    else if (answer.status === 422) say(word("Refused"), "bad");
    else if (!answer.ok) throw answer;
    else {
      now.wait = 2;
      say(word("Saved").replace("{}", time()), "good");
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
  clearTimeout(now.timer);
  now.timer = setTimeout(save, delay, form);
}
on("change", event => soon(event, 0));
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

// The clock counts to the server's deadline, whatever this computer's clock says, and speaks twice.
for (const timer of $$("[data-deadline]")) {
  const skew = (Date.parse(timer.dataset.now) || Date.now()) - Date.now();
  const end = Date.parse(timer.dataset.deadline), face = $("[data-clock]", timer), voice = $("[data-announce]", timer);
  let before = Infinity;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now() - skew) / 1000));
    face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    for (const mark of [300, 60]) if (before > mark && left <= mark && before < Infinity) voice.textContent = mark > 60 ? word("Five") : word("One");
    if (left <= 60) timer.dataset.state = "bad";
    before = left;
    if (left) return;
    clearInterval(clock);
    voice.textContent = word("Over");
    if (timer.dataset.over) location.assign(timer.dataset.over);
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

// A form whose answer replaces a part of the page: the server sends a page or a part of one, same ids.
function refresh(html, ids) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return ids.map(id => {
    const fresh = page.getElementById(id), old = document.getElementById(id);
    if (fresh && old) old.replaceWith(fresh);
    return fresh;
  });
}
on("submit", async event => {
  const form = event.target, button = event.submitter;
  if (!form.matches("[data-check], [data-swap]") || event.defaultPrevented) return;
  event.preventDefault();
  try {
    const url = new URL(button?.hasAttribute("formaction") ? button.formAction : form.action);
    const data = new FormData(form, button), get = form.method === "get";
    if (get) url.search = new URLSearchParams(data);
    const answer = await fetch(url, { method: form.method, body: get ? undefined : data, headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok && answer.status !== 422) throw answer;
    const id = form.dataset.swap || form.id, [fresh] = refresh(await answer.text(), [id]);
    if (!fresh) throw answer;
    if (get) history.replaceState(null, "", url);
    const target = $("[data-feedback], [role=alert], h2, h3", fresh) ?? fresh;
    target.tabIndex = -1;
    target.focus();
  } catch { form.removeAttribute("data-check"); form.removeAttribute("data-swap"); form.requestSubmit(button); }
});

// Copying: the button says that it is done, and its own text comes back.
on("click", async event => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const label = $("span", button) ?? button, before = label.textContent;
  try { await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim()); } catch { return; }
  label.textContent = word("Copied");
  setTimeout(() => { label.textContent = before; }, 3000);
});

// Choosing a filter applies it; without this file the button does.
on("change", event => { event.target.closest?.("form[data-submit]")?.requestSubmit(); });
on("click", event => { if (event.target.closest?.("[data-print]")) print(); });
