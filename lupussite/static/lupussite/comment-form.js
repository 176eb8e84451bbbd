// Counts what is typed, as the server will, and tells it how long the page was open. The form works the same without this.
(() => {
  "use strict";
  const { count: COUNT, over: OVER } = document.currentScript.dataset;
  const body = document.getElementById("id_body");
  const counter = document.getElementById("id_body_count");
  if (!body || !body.form) return;

  // Only of a first try: a form that came back is quickly mended and sent.
  const elapsed = body.form.elements.namedItem("elapsed");
  if (elapsed && !document.getElementById("error-summary")) body.form.addEventListener("submit", () => { elapsed.value = Math.floor(performance.now() / 1000); });

  const language = document.documentElement.lang;
  const limit = Number(body.dataset.maxlength);
  if (!counter || !limit) return;
  const voice = document.createElement("p");
  voice.className = "away";
  voice.setAttribute("aria-live", "polite");
  body.setAttribute("aria-describedby", `${body.getAttribute("aria-describedby") || ""} ${counter.id}`.trim());
  counter.after(voice);
  let pause;

  const count = () => {
    const used = [...body.value].length;
    const over = used - limit;
    const words = (over > 0 ? OVER : COUNT).replace(/\{(\w+)\}/g, (_, name) => ({ used, limit, over })[name].toLocaleString(language));
    counter.textContent = words;
    counter.classList.toggle("over", over > 0);
    clearTimeout(pause);
    // Spoken only near the end, and only when the fingers rest.
    pause = setTimeout(() => { voice.textContent = over > -200 ? words : ""; }, 1000);
  };
  body.addEventListener("input", count);
  if (body.value) count();
})();
