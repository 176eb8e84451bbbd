// Puts a button beside the address of the author's page that copies it; without this script it is there to be selected.
(() => {
  "use strict";
  const address = document.getElementById("own-address");
  if (!address) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Copy link";
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
    said.textContent = isCopied ? "Copied." : "The address is selected. Copy it with your keyboard or a long press.";
  });
  address.parentElement.append(button, said);
})();
