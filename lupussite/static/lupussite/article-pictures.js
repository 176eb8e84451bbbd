// The dialog in which somebody adds pictures to the text of an article, or changes the description of one.
// The server makes the files that readers get and answers with the address; see articles/admin/pictures.py.

export function pictureDialog(dialog, { address, failed, token, done }) {
  const form = dialog.querySelector("form");
  const { file, alt, is_decorative: decorative, caption, credit, license } = form.elements;
  const title = dialog.querySelector("h2");
  const problem = dialog.querySelector("[role=alert]");
  const status = dialog.querySelector("[role=status]");
  const shown = dialog.querySelector("canvas");
  const skip = dialog.querySelector("[value=skip]");
  const named = dialog.querySelector("#picture-name");
  const onlyNew = dialog.querySelectorAll("[data-new]");
  let known = null;
  // Several that were chosen or dropped at once come one by one: each needs words of its own.
  let files = [];
  let at = 0;

  form.addEventListener("submit", (event) => {
    if (event.submitter.value !== "set") return;
    event.preventDefault();
    if (known && !alt.value.trim() && !decorative.checked) say(form.dataset.describe);
    else if (known) close({ alt: decorative.checked ? "" : alt.value.trim() });
    else upload(event.submitter);
  });
  file.addEventListener("change", () => take([...file.files]));
  dialog.addEventListener("close", () => {
    const { returnValue } = dialog;
    if (returnValue === "remove") done({ remove: true });
    else if (returnValue !== "set") done({});
    at += 1;
    if (["set", "skip"].includes(returnValue) && at < files.length) show();
  });

  const say = (words) => {
    problem.textContent = words;
  };

  async function upload(button) {
    const data = new FormData(form);
    data.delete("file");
    if (files.length) data.set("file", files[at]);
    say("");
    button.disabled = true;
    status.textContent = form.dataset.sending;
    let answer;
    try {
      const response = await fetch(address, {
        method: "POST",
        body: data,
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
      });
      answer = await response.json();
    } catch {
      answer = { error: failed };
    }
    button.disabled = false;
    status.textContent = "";
    // Closed by hand while the server was at work: then nobody wants the picture.
    if (!dialog.open) return;
    if (answer.error) say(answer.error);
    else close(answer);
  }

  function close(picture) {
    dialog.close("set");
    done(picture);
  }

  function take(chosen) {
    files.splice(at, 1, ...chosen);
    look();
  }

  // Says which of several it is, by name and as a small picture: names from a phone say little.
  async function look() {
    const one = files[at];
    const several = files.length > 1;
    skip.hidden = at + 1 >= files.length;
    title.textContent = several ? form.dataset.count.replace("{number}", at + 1).replace("{count}", files.length) : form.dataset.one;
    named.textContent = one && one !== file.files[0] ? one.name : "";
    shown.hidden = true;
    if (!one) return;
    try {
      const bitmap = await createImageBitmap(one);
      if (one !== files[at]) return;
      const scale = Math.min(1, 240 / bitmap.width, 160 / bitmap.height);
      [shown.width, shown.height] = [bitmap.width * scale, bitmap.height * scale];
      const context = shown.getContext("2d");
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, 0, 0, shown.width, shown.height);
      bitmap.close();
      shown.hidden = false;
    } catch {
      // What can't be shown here the server may refuse, and says why.
    }
  }

  function show() {
    const said = [credit.value, license.value];
    form.reset();
    // Who made one of several mostly made the others.
    if (at) [credit.value, license.value] = said;
    say("");
    for (const one of onlyNew) one.hidden = Boolean(known);
    for (const one of [file, caption, credit, license]) one.disabled = Boolean(known);
    dialog.querySelector("[value=remove]").hidden = !known;
    if (known) {
      alt.value = known.alt || "";
      decorative.checked = known.alt === "";
    }
    look();
    dialog.returnValue = "";
    dialog.showModal();
    (known || files.length ? alt : file).focus();
  }

  // `picture` is the one at the cursor, with src and alt; `files` are those that were pasted or dropped.
  return ({ picture = null, files: given = [] }) => {
    known = picture;
    files = [...given];
    at = 0;
    show();
  };
}
