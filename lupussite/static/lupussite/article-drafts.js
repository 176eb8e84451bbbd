// Keeps what stands in the form of an article on the server every few seconds, asks before it is left, and saves with Ctrl+S.
(() => {
  "use strict";
  const form = document.getElementById("article_form");
  const status = document.getElementById("kept");
  if (!form || !status) return;
  const EVERY = 4000;
  const tab = form.elements.tab;
  // A random number in the form of a UUID; crypto.randomUUID is there on https pages alone.
  const random = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!tab.value) tab.value = random.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  // The rich-text editor leaves a text that nobody changed as it came, and writes every change into its field.
  const typed = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    for (const tool of form.querySelectorAll("[role=toolbar] [name]")) data.delete(tool.name);
    return new URLSearchParams(data).toString();
  };
  const opened = status.dataset.restored ? "" : typed();
  let kept = opened;
  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
    // When the save does not come through, this page is still here, and goes on keeping what stands in it.
    setTimeout(() => { leaving = false; }, 20000);
  });
  const say = (words, isProblem) => {
    status.textContent = words;
    status.classList.toggle("errornote", isProblem);
  };
  const keep = async () => {
    if (leaving) return;
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
    if (leaving || typed() === opened) return;
    event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=_save]"));
    }
  });
})();
