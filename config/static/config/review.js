/* The review of a plan: a field and its words light up together, steps swap only their cards.
   Without this file every link and every button still works, as a whole page. */
(() => {
  "use strict";

  const review = document.querySelector("[data-review]");
  const text = document.querySelector("[data-text]");
  const cards = review?.querySelector(".review-cards");
  if (!review || !text || !cards) return;

  const wide = matchMedia("(min-width: 992px)");
  const FIELDS = "select, textarea, input:not([type=hidden]):not([hidden])";
  /* Where the hand is wanted in a doubt: what has to be chosen, else the button that confirms. */
  const WANTED = `form ${FIELDS.replaceAll(", ", ", form ")}, .doubt-form button, a.btn`;
  let wanted = "";
  let pressed = "";

  const namesOf = (element) => element.dataset.field.split(" ");
  const marksOf = (name) =>
    [...text.querySelectorAll("mark[data-field]")].filter((mark) => namesOf(mark).includes(name));
  const fieldsOf = (name) =>
    [...cards.querySelectorAll("[data-field]")].filter((field) => field.dataset.field === name);

  /* ---- Both ways ---- */

  const light = (name) => {
    for (const lit of review.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
    const marks = marksOf(name);
    for (const one of [...marks, ...fieldsOf(name)]) one.classList.add("is-lit");
    return marks[0];
  };

  /* Only the text moves: the page stays where the reader is. */
  const reveal = (mark) => {
    if (!mark || !wide.matches) return;
    const frame = text.getBoundingClientRect();
    const place = mark.getBoundingClientRect();
    const isSeen = place.top >= frame.top + 24 && place.bottom <= frame.bottom - 24;
    if (!isSeen) text.scrollTop += place.top - frame.top - frame.height / 3;
  };

  const show = (name) => reveal(light(name));

  const focusField = (field) => {
    const control = field.matches("a") ? field : field.querySelector(`${FIELDS}, a, button`);
    field.scrollIntoView({ block: "center" });
    (control || field).focus({ preventScroll: true });
  };

  cards.addEventListener("focusin", (event) => {
    const field = event.target.closest("[data-field]");
    if (field) show(field.dataset.field);
  });

  cards.addEventListener("click", (event) => {
    const field = event.target.closest("[data-field]");
    if (!field || !wide.matches) return;
    show(field.dataset.field);
    if (event.target.closest("a[href^='#t-']")) event.preventDefault();
  });

  /* Words: the card opens if it is shown in brief, and its field takes the hand. */
  text.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (!mark) return;
    event.preventDefault();
    if (!document.getSelection().isCollapsed) return;
    const name = namesOf(mark).at(-1);
    const place = mark.querySelector("a").hash.slice(1);
    light(name);
    const field = fieldsOf(name)[0] || document.getElementById(place);
    if (field) focusField(field);
    else htmx.ajax("GET", `${review.dataset.shown}?at=${encodeURIComponent(place)}`, { source: review, swap: "none" });
  });

  /* ---- Words that no item has yet: choose them, and an item is made of them ---- */

  const words = review.querySelector("[data-words]");
  const lettersBefore = (node, offset) => {
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(node, offset);
    return [...range.toString()].length;
  };

  const offerWords = () => {
    const chosen = document.getSelection();
    const range = chosen.rangeCount && !chosen.isCollapsed ? chosen.getRangeAt(0) : null;
    const isMeant = range && text.contains(range.commonAncestorContainer) && range.toString().trim().length > 3;
    words.hidden = !isMeant;
    if (!isMeant) return;
    words.elements.begin.value = lettersBefore(range.startContainer, range.startOffset);
    words.elements.end.value = lettersBefore(range.endContainer, range.endOffset);
  };

  if (words) document.addEventListener("selectionchange", offerWords);

  /* ---- Correcting in place: Enter or a double click on a field opens its form there ---- */

  const edit = (field) => {
    const link = field.closest(".review-card")?.querySelector("[data-edit]");
    if (!link) return;
    wanted = field.dataset.field;
    link.click();
  };

  cards.addEventListener("dblclick", (event) => {
    const field = event.target.closest(".read, .read-name");
    if (field) edit(field);
  });

  cards.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key !== "Enter") return;
    if (target.matches(".read, .read-name")) {
      event.preventDefault();
      edit(target);
    } else if (target.matches(".name-form select") && target.value) {
      event.preventDefault();
      target.form.querySelector("[value=settle]").click();
    } else if (target.form?.matches(".review-card") && (event.ctrlKey || event.metaKey)) {
      target.form.requestSubmit();
    }
  });

  /* ---- Swapping ---- */

  cards.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=step]");
    pressed = button && ["up", "down"].includes(button.value) ? button.value : "";
  });

  /* A refusal and a form with errors are shown like any other answer. */
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if ([409, 422].includes(xhr.status)) event.detail.shouldSwap = true;
    else if (xhr.status >= 400) location.reload();
  });

  /* What somebody is writing is never drawn over by an answer to something else. */
  let asker = null;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    asker = event.detail.elt;
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const first = fragment.firstElementChild;
    const isReplaced = !first || first.id === target.id;
    if (isReplaced && target.matches("form.review-card") && !target.contains(asker)) event.detail.shouldSwap = false;
  });

  document.body.addEventListener("htmx:sendError", (event) => {
    if (event.detail.elt.matches("[data-news]")) return;
    const told = review.querySelector("[data-unsent]").content.firstElementChild.cloneNode(true);
    document.getElementById("review-said").replaceChildren(told);
  });

  const markDoubts = () => {
    const doubtful = new Set((document.getElementById("doubts")?.dataset.doubtful || "").split(" "));
    for (const mark of text.querySelectorAll("mark[data-field]")) {
      mark.classList.toggle("is-doubt", doubtful.has(namesOf(mark).at(-1)));
    }
  };
  document.body.addEventListener("htmx:afterSettle", markDoubts);

  const go = (id) => {
    const place = document.getElementById(id);
    if (!place) return;
    const field = (wanted && fieldsOf(wanted)[0]) || (pressed && place.querySelector(`button[value=${pressed}]`)) || place;
    const name = field.dataset?.field || field.querySelector("[data-field]")?.dataset.field || id;
    const isForm = place.tagName === "FORM";
    (isForm && wanted ? field : place).scrollIntoView({ block: isForm && !wanted ? "start" : "center" });
    /* On a phone a text field would raise the keyboard over what one came to read. */
    const control = field.matches("a, button") ? field : field.querySelector(wide.matches ? WANTED : ".doubt-form button, a.btn");
    const first = isForm && wide.matches ? field.querySelector(`.is-invalid, ${FIELDS}`) : null;
    (first || control)?.focus({ preventScroll: true });
    show(name);
    wanted = pressed = "";
  };

  document.body.addEventListener("review-go", (event) => go(event.detail.place));
  if (review.dataset.current) requestAnimationFrame(() => go(review.dataset.current));
})();
