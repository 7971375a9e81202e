// Passkeys: asks the browser to make one or to sign with one. Without this file their buttons stay
// hidden, and every page offers another way.
"use strict";
(() => {
  const read = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const write = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((one) => ({ ...one, id: read(one.id) }));

  const ask = async (form) => {
    const answer = await fetch(form.dataset.passkey, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    // A page instead of options: the sign-in has ended. Sending the form says so.
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) {
      return "";
    }
    const options = await answer.json();
    options.challenge = read(options.challenge);
    if (options.user) {
      options.user.id = read(options.user.id);
      options.excludeCredentials = keys(options.excludeCredentials);
    } else {
      options.allowCredentials = keys(options.allowCredentials);
    }
    const made = options.user
      ? await navigator.credentials.create({ publicKey: options })
      : await navigator.credentials.get({ publicKey: options });
    const response = { clientDataJSON: write(made.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[part]) response[part] = write(made.response[part]);
    }
    return JSON.stringify({
      id: made.id,
      rawId: write(made.rawId),
      type: made.type,
      response,
      clientExtensionResults: {},
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      const failed = form.querySelector("[data-passkey-failed]");
      const button = form.querySelector("button");
      form.hidden = false;
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        failed.hidden = true;
        button.disabled = true;
        try {
          form.elements.credential.value = await ask(form);
          form.submit();
        } catch {
          // Somebody closed the window of the browser, or has no passkey here.
          failed.hidden = false;
          button.disabled = false;
        }
      });
    }
  });
})();
