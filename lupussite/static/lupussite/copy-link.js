// Puts a button beside the address of the author's page that copies it; without this script it is there to be selected.
(() => {
  "use strict";
  const address = document.getElementById("own-address");
  if (!address) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  const words = address.parentElement.dataset; // In the reader's language, from the page.
  button.textContent = words.copy;
  const said = document.createElement("span");
  said.setAttribute("aria-live", "polite");

  const select = () => {
    getSelection().selectAllChildren(address);
    // Over plain http browsers offer nothing else.
    return document.execCommand("copy");
  };
  button.addEventListener("click", async () => {
    let isCopied;
    try {
      await navigator.clipboard.writeText(address.textContent);
      isCopied = true;
    } catch {
      isCopied = select();
    }
    said.textContent = isCopied ? words.copied : words.selected;
  });
  address.parentElement.append(button, said);
})();
