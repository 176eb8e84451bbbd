/* Passkeys: a form that only the browser can fill in. Without this script the pages offer codes and passwords. */
(function () {
  "use strict";
  var api = window.webauthnJSON;
  if (!api || !window.PublicKeyCredential) return;
  if (/^([0-9.]+|\[.*\])$/.test(location.hostname)) {
    document.querySelectorAll("[data-passkey-place]").forEach(function (note) { note.hidden = false; });
    return;
  }

  function options(form) {
    if (form.dataset.passkey !== "login") return Promise.resolve(JSON.parse(form.dataset.options));
    return fetch(form.action, { headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (data) { return data.request_options; });
  }

  function ask(form, asked) {
    if (form.dataset.passkey !== "create") return api.get(asked);
    // One that can be found by itself and knows its owner: it stands in for name and password.
    Object.assign(asked.publicKey.authenticatorSelection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
    return api.create(asked);
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var problem = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      problem.hidden = true;
      options(form).then(function (asked) { return ask(form, asked); }).then(function (credential) {
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      }).catch(function () { problem.hidden = false; });
    });
  });
})();
