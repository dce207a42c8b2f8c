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

// A form whose answer replaces a part of the page: the server sends a page or a part of one, same ids.
function refresh(html, ids) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const parts = ids.map(id => {
    const fresh = page.getElementById(id), old = document.getElementById(id);
    if (fresh && old) old.replaceWith(fresh);
    return fresh;
  });
  document.dispatchEvent(new Event("refreshed"));
  return parts;
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
    // A button that moves an entry keeps the focus, so that it can be pressed again.
    const moved = /^(up|down):/.test(button?.value) && $(`[value="${button.value}"]`, fresh);
    const target = moved || ($("[data-feedback], [role=alert], [autofocus], h2, h3", fresh) ?? fresh);
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus();
  } catch { form.removeAttribute("data-check"); form.removeAttribute("data-swap"); form.requestSubmit(button); }
});

// Copying: the button says that it is done, and its own text comes back. Listings get their button here, since
// without a script it could do nothing.
for (const head of $$(".code__head")) if (!$("button", head)) {
  head.insertAdjacentHTML("beforeend", '<button class="btn btn--quiet btn--s" type="button" data-copy></button>');
  $("button", head).textContent = word("Copy");
}
on("click", async event => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const label = $("span", button) ?? button, before = label.textContent;
  const source = document.getElementById(button.dataset.copy) ?? $("code", button.closest(".code"));
  try { await navigator.clipboard.writeText(source.textContent.trim()); } catch { return; }
  label.textContent = word("Copied");
  setTimeout(() => { label.textContent = before; }, 3000);
});

// Choosing a filter applies it; without this file the button does.
on("change", event => { event.target.closest?.("form[data-submit]")?.requestSubmit(); });
on("click", event => { if (event.target.closest?.("[data-print]")) print(); });

// Pages where people answer or write need more; its address, with the hash of its content, stands on <body>.
const more = { answers: "[data-autosave], [data-deadline], [data-toggle], [data-key], [data-place]", editor: "textarea[data-editor]" };
function load(name) {
  import(document.body.dataset[name]).then(module => module.start({ $, $$, on, word, send, refresh }), () => {
    addEventListener("online", () => load(name), { once: true });
  });
}
for (const name in more) if ($(more[name])) load(name);
