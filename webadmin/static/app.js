// Small comforts; every page works without them.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  paint();
  dark.addEventListener("change", paint);

  // What a page, or a part of one that has just come, is given.
  const dress = (part) => {
    // On a wide window the filters stand open, on a phone they leave room for the cases.
    const filters = part.querySelector("[data-filters]");
    if (filters) filters.open = window.matchMedia("(min-width: 62rem)").matches;

    for (const form of part.querySelectorAll("[data-submit-on-change]")) {
      form.addEventListener("change", () => form.requestSubmit());
    }
    // A second press of a button must not send a message twice.
    for (const form of part.querySelectorAll("[data-once]")) {
      form.addEventListener("submit", (event) => {
        if (form.dataset.sent) event.preventDefault();
        form.dataset.sent = "yes";
      });
    }
    for (const field of part.querySelectorAll("[data-select]")) {
      field.addEventListener("focus", () => field.select());
    }
    // How many characters are left, and how it will look on her phone.
    for (const field of part.querySelectorAll("[data-count]")) {
      const left = document.createElement("div");
      left.className = "form-text left";
      field.after(left);
      const shown = document.getElementById(field.dataset.shownIn);
      const tell = () => {
        left.textContent = `${[...field.value].length} / ${field.maxLength}`;
        if (shown) shown.textContent = field.value;
      };
      field.addEventListener("input", tell);
      tell();
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    dress(document);
    window.addEventListener("pageshow", () => {
      for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
    });
    // Words that were typed and not sent: ask before they are lost.
    const typed = () =>
      [...document.querySelectorAll("form[data-once] textarea")].some(
        (field) => field.value !== field.defaultValue && !field.form.dataset.sent);
    window.addEventListener("beforeunload", (event) => {
      const sending = document.querySelector("form[data-once][data-sent]");
      if (!sending && typed()) event.preventDefault();
    });
    // Of the list only what changes is fetched. Whoever has been signed out meanwhile, or gets an
    // error, sees that page whole.
    document.addEventListener("htmx:beforeSwap", (event) => {
      const wanted = event.detail.target.id;
      if (!event.detail.xhr.responseText.includes(`id="${wanted}"`)) {
        event.detail.shouldSwap = false;
        window.location.assign(event.detail.xhr.responseURL);
      }
    });
    document.addEventListener("htmx:afterSwap", () => dress(document.getElementById("list") ?? document));
  });
})();
