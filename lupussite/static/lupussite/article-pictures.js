// The dialog in which somebody adds a picture to the text of an article, or changes the description of one.
// The server makes the files that readers get and answers with the address; see articles/admin/pictures.py.

export function pictureDialog(dialog, { address, failed, token, done }) {
  const form = dialog.querySelector("form");
  const { file, alt, is_decorative: decorative, caption, credit, license } = form.elements;
  const problem = dialog.querySelector("[role=alert]");
  const onlyNew = dialog.querySelectorAll("[data-new]");
  let known = null;

  form.addEventListener("submit", (event) => {
    if (event.submitter.value !== "set") return;
    event.preventDefault();
    if (known && !alt.value.trim() && !decorative.checked) problem.textContent = form.dataset.describe;
    else if (known) close({ ...known, alt: decorative.checked ? "" : alt.value.trim() });
    else upload(event.submitter);
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "remove") done("remove");
    else if (dialog.returnValue !== "set") done(null);
  });

  async function upload(button) {
    const data = new FormData(form);
    problem.textContent = "";
    button.disabled = true;
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
    // Closed by hand while the server was at work: then nobody wants the picture.
    if (!dialog.open) return;
    if (answer.error) problem.textContent = answer.error;
    else close(answer);
  }

  function close(picture) {
    dialog.close("set");
    done(picture);
  }

  // `picture` is the one at the cursor, with src and alt; `files` are those that were pasted or dropped.
  return ({ picture = null, files = null }) => {
    known = picture;
    form.reset();
    problem.textContent = "";
    for (const one of onlyNew) one.hidden = Boolean(picture);
    for (const one of [file, caption, credit, license]) one.disabled = Boolean(picture);
    dialog.querySelector("[value=remove]").hidden = !picture;
    if (picture) {
      alt.value = picture.alt;
      decorative.checked = !picture.alt;
    }
    if (files) {
      // One at a time: each needs words of its own.
      const one = new DataTransfer();
      one.items.add(files[0]);
      file.files = one.files;
    }
    dialog.returnValue = "";
    dialog.showModal();
    (picture || files ? alt : file).focus();
  };
}
