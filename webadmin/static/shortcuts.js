// Keys for who works through a queue all day. They can be switched off (WCAG 2.1.4), and never act
// while something is being typed.
"use strict";
(() => {
  const OFF = "shortcuts off";
  const isOff = () => localStorage.getItem(OFF) === "yes";
  const items = () => [...document.querySelectorAll("table.cases a.stretched, a.task, .notices a.task")];
  const move = (step) => {
    const found = items();
    if (!found.length) return;
    const here = found.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : found.length - 1) : here + step;
    found[Math.min(Math.max(next, 0), found.length - 1)].focus();
  };
  const open = (selector) => {
    const field = document.querySelector(selector);
    if (!field) return;
    const box = field.closest("details");
    if (box) box.open = true;
    field.scrollIntoView({ block: "center" });
    field.focus();
  };
  const go = (name) => {
    const link = document.querySelector(`[data-goes-to="${name}"]`);
    if (link) link.click();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    t: () => go("home.index"),
    c: () => go("cases.index"),
    u: () => document.querySelector(".back a")?.click(),
    "/": () => open("#find"),
    r: () => open("#reply-text"),
    n: () => open("#note-text"),
    s: () => open("#next :is(textarea, input:not([type=hidden]), button)"),
    "?": () => document.getElementById("shortcuts")?.showModal(),
  };

  document.addEventListener("DOMContentLoaded", () => {
    const dialog = document.getElementById("shortcuts");
    if (!dialog) return;
    const on = dialog.querySelector("input");
    on.checked = !isOff();
    on.addEventListener("change", () =>
      on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes"));
    for (const button of document.querySelectorAll("[data-shortcuts]")) {
      button.hidden = false;
      button.addEventListener("click", () => dialog.showModal());
    }
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
      if (isOff() || event.target.closest("input, textarea, select, [contenteditable]")) return;
      const act = Object.hasOwn(keys, event.key) && keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
  });
})();
