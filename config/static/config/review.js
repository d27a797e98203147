/* The review of a plan: a field and its words light up together. Without this, links do it. */
(() => {
  "use strict";

  const review = document.querySelector("[data-review]");
  const text = document.querySelector("[data-text]");
  if (!review || !text) return;

  const marks = [...text.querySelectorAll("[data-field]")];
  const fields = [...review.querySelectorAll(".review-cards [data-field]")];
  const wide = matchMedia("(min-width: 992px)");

  const INPUTS = "form select, form textarea, form input:not([type=hidden]):not([hidden]), form button, a.btn";

  const marksOf = (name) => marks.filter((mark) => mark.dataset.field.split(" ").includes(name));

  const clear = () => {
    for (const lit of review.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
  };

  const light = (name) => {
    clear();
    const found = marksOf(name);
    for (const mark of found) mark.classList.add("is-lit");
    for (const field of fields) if (field.dataset.field === name) field.classList.add("is-lit");
    return found[0];
  };

  /* Only the text moves: the page stays where the reader is. */
  const reveal = (mark) => {
    if (!mark) return;
    const frame = text.getBoundingClientRect();
    const place = mark.getBoundingClientRect();
    const isSeen = place.top >= frame.top + 24 && place.bottom <= frame.bottom - 24;
    if (!isSeen) text.scrollTop += place.top - frame.top - frame.height / 3;
  };

  const show = (name) => reveal(light(name));

  for (const field of fields) {
    field.addEventListener("focusin", () => show(field.dataset.field));
    field.addEventListener("click", (event) => {
      if (!wide.matches) return;
      show(field.dataset.field);
      if (event.target.closest("a[href^='#t-']")) event.preventDefault();
    });
  }

  text.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (!mark) return;
    const name = mark.dataset.field.split(" ").pop();
    light(name);
    const field = fields.find((one) => one.dataset.field === name);
    if (!field) return;
    event.preventDefault();
    const control = field.matches("a") ? field : field.querySelector("select, input, textarea, a");
    field.scrollIntoView({ block: "center" });
    (control || field).focus({ preventScroll: true });
  });

  /* The doubt one has come to: its words light up, and Enter is at hand. */
  const current = review.dataset.current;
  const place = current && document.getElementById(current);
  if (place) {
    const name = place.dataset.field || place.querySelector("[data-field]")?.dataset.field || current;
    requestAnimationFrame(() => {
      place.scrollIntoView({ block: place.tagName === "FORM" ? "start" : "center" });
      /* On a phone a text field would raise the keyboard over what one came to read. */
      const control = place.querySelector(wide.matches ? INPUTS : "form button, a.btn");
      control?.focus({ preventScroll: true });
      show(name);
    });
  }
})();
