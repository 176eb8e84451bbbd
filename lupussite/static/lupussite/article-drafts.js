// Keeps what stands in the form of an article on the server every few seconds, asks before it is left, and saves with Ctrl+S.
(() => {
  "use strict";
  const form = document.getElementById("article_form");
  const status = document.getElementById("kept");
  if (!form || !status) return;
  const EVERY = 4000;
  const tab = form.elements.tab;
  if (!tab.value) tab.value = crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
  // The rich-text editor puts its text into the form's data itself (the event "formdata").
  const typed = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  };
  // The editor is a module and comes later; what it writes of the text as it was opened is no change.
  let opened = null;
  let kept = null;
  let leaving = false;
  addEventListener("load", () => setTimeout(() => { opened = kept = form.dataset.restored ? "" : typed(); }, 500));
  form.addEventListener("submit", () => { leaving = true; });
  const say = (words, isProblem) => {
    status.textContent = words;
    status.classList.toggle("errornote", isProblem);
  };
  const keep = async () => {
    if (opened === null || leaving) return;
    const now = typed();
    if (now === kept) return;
    try {
      const answer = await fetch(status.dataset.address, {
        method: "POST",
        redirect: "error",
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "Content-Type": "application/x-www-form-urlencoded" },
        body: now,
      });
      if (!answer.ok) throw new Error(answer.status);
      kept = now;
      say(status.dataset.kept.replace("{time}", (await answer.json()).kept), false);
    } catch {
      say(status.dataset.failed, true);
    }
  };
  setInterval(keep, EVERY);
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
  addEventListener("beforeunload", (event) => {
    if (leaving || opened === null || typed() === opened) return;
    event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=_save]"));
    }
  });
})();
