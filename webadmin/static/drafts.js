// Words that were typed and not sent come back: after a mistyped address, a crash of the browser's
// tab, or a session that ended meanwhile.
//
// They are kept by this tab alone, until it is closed, the words are sent, or one signs out; never
// on the disk of a machine that others use, and never for whoever signs in next.
"use strict";
(() => {
  const PREFIX = "draft ";
  const LEAVING = "sent from";
  const WHOSE = "drafts of";
  const all = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const forget = (keys) => keys.forEach((key) => sessionStorage.removeItem(key));
  const page = window.location.pathname;

  document.addEventListener("DOMContentLoaded", () => {
    const reader = document.body.dataset.reader;
    if (!reader) return; // the sign-in page: whoever was signed out may come back
    if (sessionStorage.getItem(WHOSE) !== reader) forget(all());
    sessionStorage.setItem(WHOSE, reader);

    // A form that was taken leads to a page that says what was done, or that is what was made of it.
    const left = sessionStorage.getItem(LEAVING);
    sessionStorage.removeItem(LEAVING);
    if (left && document.querySelector("main > .notice, main [data-taken]")) {
      forget(all().filter((key) => key.startsWith(left)));
    }

    const restored = document.getElementById("restored");
    for (const form of document.querySelectorAll("form[data-once]")) {
      const mine = `${PREFIX}${page} ${form.getAttribute("action") ?? ""} `;
      for (const field of form.querySelectorAll("textarea[name]")) {
        const key = mine + (field.id || field.name);
        const kept = sessionStorage.getItem(key);
        if (kept && !field.value) {
          field.value = kept;
          for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) {
            box.open = true;
          }
          if (restored) {
            const told = restored.content.cloneNode(true).firstElementChild;
            told.querySelector("button").addEventListener("click", () => {
              field.value = field.defaultValue;
              sessionStorage.removeItem(key);
              told.remove();
              field.focus();
            });
            field.after(told);
          }
        }
        field.addEventListener("input", () => {
          if (field.value && field.value !== field.defaultValue) {
            sessionStorage.setItem(key, field.value);
          } else {
            sessionStorage.removeItem(key);
          }
        });
      }
      form.addEventListener("submit", () => sessionStorage.setItem(LEAVING, mine));
    }
    for (const form of document.querySelectorAll("form[data-sign-out]")) {
      form.addEventListener("submit", () => sessionStorage.clear());
    }
  });
})();
