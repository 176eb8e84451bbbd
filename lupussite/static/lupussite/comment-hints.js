// Says beside the comment when it seems to include a phone number, an address or a date of birth: the page is public.
// Only a hint, never in the way of sending; screening and a moderator look again.
(() => {
  "use strict";
  const said = document.currentScript.dataset;
  const body = document.getElementById("id_body");
  if (!body || !body.form) return;

  const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*";
  const DATE = `(?:\\d{1,2}[./ -]\\d{1,2}[./ -](?:19|20)?\\d{2}|(?:19|20)\\d{2}-\\d{2}-\\d{2}|\\d{1,2}(?:st|nd|rd|th|\\.)? (?:de )?${MONTH},? (?:de )?(?:19|20)\\d{2}|${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\\d{2})`;
  const STREET = "(?:street|st|road|rd|avenue|ave|lane|ln|drive|court|boulevard|blvd|square|terrace)";
  const LOOKS_LIKE = [
    [said.email, (text) => /[\w.+-]{1,64}@[\w-]{1,63}\.\w/.test(text)],
    [said.phone, (text) => (text.match(/[+(]{0,2}\d[\d \u00a0()./-]{5,60}\d/g) || []).some(isPhone)],
    [said.street, (text) => new RegExp(`\\b\\d{1,5}[a-z]? (?:[a-z'.]{1,30} ){1,3}${STREET}\\b|\\b(?:calle|avenida|avda|plaza) [^\\d\\n]{2,40}\\d{1,4}`, "i").test(text)],
    [said.birth, (text) => new RegExp(`\\b(?:born|birth|birthday|dob|nac[ií]|nacid[oa]|nacimiento)(?![a-zà-ÿ])[^\\n]{0,25}${DATE}`, "i").test(text)],
  ];

  function isPhone(found) {
    const digits = found.replace(/\D/g, "").length;
    const isCount = /^\d{7,8}$/.test(found) || /^(?:19|20)\d{2} ?[-/] ?(?:19|20)\d{2}$/.test(found);
    return digits >= 7 && digits <= 15 && !isCount && !new RegExp(`^${DATE}$`).test(found);
  }

  const list = new Intl.ListFormat(document.documentElement.lang);
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.setAttribute("aria-live", "polite");
  body.after(hint);
  let pause;

  const look = () => {
    const found = LOOKS_LIKE.filter(([, test]) => test(body.value)).map(([words]) => words);
    const words = found.length ? said.hint.replace("{details}", () => list.format(found)) : "";
    if (hint.textContent !== words) hint.textContent = words;
  };
  body.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, 800);
  });
  if (body.value) look();
})();
