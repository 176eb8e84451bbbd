// Says what was decided, and keys for the queue: each presses a button that stands on the page. All works without this file.
(() => {
  "use strict";
  // What happened stands there when the page opens, and the focus is elsewhere: say it once more, where a screen reader listens.
  const said = document.querySelector("[role=status] .messagelist");
  if (said) {
    const voice = document.createElement("p");
    voice.className = "away";
    voice.setAttribute("aria-live", "polite");
    said.closest("[role=status]").after(voice);
    setTimeout(() => { voice.textContent = [...said.children].map((line) => line.firstChild.textContent.trim()).join(" "); }, 400);
  }

  const KEPT_AS = "comments-keys-off";
  const help = document.getElementById("keys");
  const toggle = document.getElementById("keys-on");
  if (!help || !toggle) return;

  // Storage may be forbidden; then the choice lasts as long as the page.
  const kept = { get: () => { try { return localStorage.getItem(KEPT_AS); } catch { return null; } },
    set: (off) => { try { off ? localStorage.setItem(KEPT_AS, "1") : localStorage.removeItem(KEPT_AS); } catch { /* see above */ } } };
  help.hidden = false;
  toggle.checked = !kept.get();
  toggle.addEventListener("change", () => kept.set(!toggle.checked));

  const cards = [...document.querySelectorAll(".queue-card")];
  const current = () => document.activeElement.closest(".queue-card");
  const go = (step) => {
    const place = cards.indexOf(current());
    const next = cards[place < 0 ? 0 : place + step];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  };
  let pressed = false;
  addEventListener("pageshow", () => { pressed = false; });
  const press = (button) => {
    if (!button || pressed) return;
    pressed = true;
    button.click();
  };
  // A covered text is shown by the first press; nobody decides on it unread.
  const read = (act) => () => {
    const cover = current()?.querySelector(".covered:not([open])");
    if (!cover) return act();
    cover.open = true;
    cover.querySelector("summary").focus();
  };
  const decision = (...verbs) => {
    const card = current();
    return card && verbs.map((verb) => card.querySelector(`button[value^="${verb}:"]`)).find(Boolean);
  };
  // After `r`: the card whose reason is being chosen.
  let choosing = null;
  const reject = (number) => {
    const select = choosing.querySelector(".reason select");
    choosing = null;
    select.selectedIndex = number;
    press(select.nextElementSibling);
  };
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    a: read(() => press(decision("approve"))),
    r: read(() => { if (decision("reject")) { choosing = current(); choosing.querySelector(".reason select").classList.add("choosing"); } }),
    s: read(() => press(decision("spam"))),
    e: read(() => press(decision("escalate", "return"))),
    z: () => press(document.querySelector("form.undo button")),
    "?": () => { help.open = !help.open; if (help.open) help.querySelector("summary").focus(); },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])");
    // Some keyboards type digits and the question mark with Shift, which comes as a key of its own before.
    if (event.key === "Shift") return;
    if (!toggle.checked || typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (choosing) {
      choosing.querySelector(".choosing").classList.remove("choosing");
      if (choosing === current() && /^[1-9]$/.test(event.key)) {
        event.preventDefault();
        reject(Number(event.key));
        return;
      }
      choosing = null;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
