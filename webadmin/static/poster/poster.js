// Makes the words of a poster as large as its one sheet allows, and prints it.
(() => {
  "use strict";
  const sheet = document.querySelector(".sheet");
  const words = [...sheet.querySelectorAll("p, h1, h2")];

  const fits = (size) => {
    sheet.style.setProperty("--fit", size);
    return (
      sheet.scrollHeight <= sheet.clientHeight &&
      sheet.scrollWidth <= sheet.clientWidth &&
      words.every((one) => one.scrollWidth <= one.clientWidth + 1)
    );
  };

  const fill = () => {
    let small = 0.3;
    let large = 2;
    for (let step = 0; step < 12; step += 1) {
      const middle = (small + large) / 2;
      if (fits(middle)) small = middle;
      else large = middle;
    }
    // A printer rounds in another way than a screen.
    fits(small * 0.985);
    sheet.dataset.filled = "";
  };

  // Asking for its size makes the browser ask for the fonts.
  fits(1);
  document.fonts.ready.then(fill);

  const button = document.querySelector(".print");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
