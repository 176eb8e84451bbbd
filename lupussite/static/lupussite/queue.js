// Says what was decided, and keys for the queue: each presses a button that stands on the page. All works without this file; what it says stands in the page.
(() => {
  "use strict";
  const voice = document.createElement("p");
  voice.className = "away";
  voice.setAttribute("aria-live", "polite");
  document.body.append(voice);
  const announce = (words) => { voice.textContent = words; };
  // What happened stands there when the page opens, and the focus is elsewhere: say it once more, where a screen reader listens.
  const said = document.querySelector("[role=status] .messagelist");
  if (said) setTimeout(() => announce([...said.children].map((line) => line.firstChild.textContent.trim()).join(" ")), 400);

  // Without a reason nothing would be sent but the note, which would be lost.
  document.addEventListener("click", (event) => {
    const button = event.target.closest('.reason button[value^="reject:"]');
    if (!button || button.previousElementSibling.value) return;
    event.preventDefault();
    button.previousElementSibling.focus();
    announce(button.parentElement.dataset.missing);
  });

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
    const covers = [...current()?.querySelectorAll(".covered:not([open])") ?? []];
    if (!covers.length) return act();
    for (const cover of covers) cover.open = true;
    covers[0].querySelector("summary").focus();
    announce(help.dataset.shown);
  };
  const decision = (verb) => current()?.querySelector(`button[value^="${verb}:"]`);
  // After `r`: the card whose reason is being chosen, and the reasons with their numbers in sight.
  let choosing = null;
  const choose = () => {
    if (!decision("reject")) return;
    choosing = current();
    const select = choosing.querySelector(".reason select");
    select.classList.add("choosing");
    const list = document.createElement("ol");
    list.className = "choices";
    list.append(...[...select.options].slice(1).map((option) => {
      const line = document.createElement("li");
      line.textContent = option.text;
      return line;
    }));
    choosing.querySelector(".decide").after(list);
    list.scrollIntoView({ block: "nearest" });
    announce(`${help.dataset.which} ${[...list.children].map((line) => line.textContent).join(", ")}. ${help.dataset.escape}`);
  };
  const chosen = () => {
    choosing.querySelector(".choosing").classList.remove("choosing");
    choosing.querySelector(".choices").remove();
  };
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
    r: read(choose),
    s: read(() => press(decision("spam"))),
    e: read(() => press(decision("escalate"))),
    z: () => press(document.querySelector("form.undo button")),
    "?": () => { help.open = !help.open; if (help.open) help.querySelector("summary").focus(); },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])");
    // Some keyboards type digits and the question mark with Shift, which comes as a key of its own before.
    if (event.key === "Shift") return;
    if (event.key === "Escape" && typing && current()) current().focus();
    if (!toggle.checked || typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (choosing) {
      chosen();
      if (choosing === current() && /^[1-9]$/.test(event.key)) {
        event.preventDefault();
        reject(Number(event.key));
        return;
      }
      choosing = null;
      if (event.key === "Escape") announce(help.dataset.canceled);
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
