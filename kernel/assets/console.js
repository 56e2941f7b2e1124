// The console works without this file; here is only what HTML cannot do by itself.
// It holds no text of its own: what a person reads or hears comes from the page.
"use strict";

// A dialog arrives open, as a plain overlay. Making it modal adds what only the browser can
// give: focus kept inside, Escape, and a backdrop. Closing it leads back to the page below.
for (const dialog of document.querySelectorAll("dialog[open][data-modal]")) {
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.dataset.closeUrl) location.assign(dialog.dataset.closeUrl);
  });
}

// Change contains View: while the first is ticked, the second is too, and stays so.
// `aria-disabled` and not `disabled`, because a disabled box would not be sent.
for (const change of document.querySelectorAll("input[data-implies]")) {
  const view = document.getElementById(change.dataset.implies);
  if (!view) continue;
  const follow = () => {
    if (change.checked) view.checked = true;
    if (change.checked) view.setAttribute("aria-disabled", "true");
    else view.removeAttribute("aria-disabled");
  };
  view.addEventListener("click", (event) => {
    if (change.checked) event.preventDefault();
  });
  change.addEventListener("change", follow);
  change.form?.addEventListener("reset", () => setTimeout(follow));
  follow();
}

// A card shows at once what is typed for it; without this it does at the next look at the page.
for (const card of document.querySelectorAll("svg.face")) {
  const field = (name) => name && document.getElementById(name);
  for (const part of [card, ...card.querySelectorAll("[data-fill], [data-text]")]) {
    const { color, fill, text, or, empty } = part.dataset;
    const [source, other] = [field(color ?? fill ?? text), field(or)];
    const change = () => {
      if (color) part.setAttribute("color", source.value);
      else if (fill) part.setAttribute("fill", source.value);
      else part.textContent = source.value.trim() || other?.value.trim() || (empty ?? "");
    };
    if (!source) continue;
    for (const typed of [source, other]) typed?.addEventListener("input", change);
  }
}

// The clipboard API exists in secure contexts only; a wallet reached over plain http inside a
// company's network still gets its copy button.
async function copy(source) {
  const text = source.value ?? source.textContent.trim();
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
  if (!document.execCommand("copy")) throw new Error("copy refused");
}

function offerCopies(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const status = document.getElementById(button.dataset.status);
    if (!source) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let done = true;
      try {
        await copy(source);
      } catch {
        done = false;
        source.focus();
        source.select?.();
      }
      button.toggleAttribute("data-done", done);
      if (!status) return;
      // Emptied first, so that a second copy is announced as well.
      status.textContent = "";
      setTimeout(() => {
        status.textContent = done ? button.dataset.copied : button.dataset.copyFailed;
      }, 50);
    });
  }
}

// Parts that show what somebody else does are filled anew from their page, until there is
// nothing left to wait for. What has not changed is left alone, with the focus in it.
const seen = new WeakMap();
const waiting = () => [...document.querySelectorAll("[data-live][id]")];
for (const part of waiting()) seen.set(part, part.innerHTML);

async function look(url, parts) {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  // Whoever may not look any more has nothing to wait for; a server that failed may do better.
  if (answer.redirected || (answer.status >= 400 && answer.status < 500))
    for (const part of parts) part.removeAttribute("data-live");
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const fresh = page.getElementById(part.id);
    if (!fresh?.hasAttribute("data-live")) part.removeAttribute("data-live");
    if (!fresh || fresh.innerHTML === seen.get(part)) continue;
    seen.set(part, fresh.innerHTML);
    part.replaceChildren(...fresh.childNodes);
    offerCopies(part);
  }
}

async function follow(since) {
  // Nobody looks at a hidden page, and one that is left open is looked at less and less.
  const pause = document.hidden || performance.now() - since > 300000 ? 10000 : 2000;
  await new Promise((resolve) => setTimeout(resolve, pause));
  const [part] = waiting();
  if (!part) return;
  // A server that does not answer now may do so later.
  if (!document.hidden) await look(part.dataset.live, waiting()).catch(() => {});
  follow(since);
}

offerCopies(document);
if (waiting().length > 0) follow(performance.now());

// A one-time code travels behind the `#` of its link, where no server log can see it. It is
// moved into the form, and out of the address bar and the history.
const code = document.querySelector("input[data-from-hash]");
if (code && location.hash.length > 1) {
  const text = location.hash.slice(1);
  code.value = new URLSearchParams(text).get(code.dataset.fromHash) ?? text;
  history.replaceState(null, "", location.pathname + location.search);
  const next = [...code.form.elements].find((field) => field.matches("input") && !field.value);
  next?.focus();
}

// Menus fold away as a person expects: on Escape, and on a click elsewhere.
const menus = () => document.querySelectorAll("details[data-menu][open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
  }
  // A hint that covers something can be put away without moving the pointer (WCAG 1.4.13).
  for (const hint of document.querySelectorAll(".hint:hover, .hint:focus")) {
    hint.dataset.dismissed = "";
    const back = () => delete hint.dataset.dismissed;
    hint.addEventListener("mouseleave", back, { once: true });
    hint.addEventListener("blur", back, { once: true });
  }
});
