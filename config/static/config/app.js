/* Progressive enhancement only: every page works without this file. */
(() => {
  "use strict";

  const KEPT = "dondoc.kept:";
  const SENT = "dondoc.sent";
  const UNSENT = "dondoc.unsent";
  const KEPT_FOR_DAYS = 14;
  const person = document.body.dataset.person || "";

  /* ---- Half-filled forms: an expired session or a lost connection loses nothing ---- */

  const isKeepable = (field) =>
    field.name && !field.disabled && !["hidden", "password", "file", "submit", "button"].includes(field.type);

  /* A form keeps its key for life: swapping other parts of the page may change the address. */
  const keys = new WeakMap();

  const keyOf = (form) => {
    if (!keys.has(form)) {
      const forms = [...document.querySelectorAll("form[data-keep]")];
      const name = form.dataset.keep || form.id || forms.indexOf(form);
      keys.set(form, `${KEPT}${person}:${location.pathname}:${name}`);
    }
    return keys.get(form);
  };

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };

  const keep = (form) => {
    const fields = [...form.elements].filter(isKeepable).map((field) => {
      if (field.type === "checkbox" || field.type === "radio") return [field.name, field.value, field.checked];
      if (field.multiple) return [field.name, [...field.selectedOptions].map((option) => option.value)];
      return [field.name, field.value];
    });
    try {
      localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), href: location.href, fields }));
    } catch {
      /* Storage is full or forbidden: the form still works. */
    }
  };

  const restore = (form, fields) => {
    let changed = false;
    const controls = [...form.elements].filter(isKeepable);
    for (const [name, value, checked] of fields) {
      const field = controls.find(
        (control) => control.name === name && (checked === undefined || control.value === value),
      );
      if (!field) continue;
      if (checked !== undefined) {
        changed ||= field.checked !== checked;
        field.checked = checked;
      } else if (Array.isArray(value)) {
        for (const option of field.options) {
          changed ||= option.selected !== value.includes(option.value);
          option.selected = value.includes(option.value);
        }
      } else {
        changed ||= field.value !== value;
        field.value = value;
      }
    }
    return changed;
  };

  const notice = (id) => document.getElementById(id)?.content.firstElementChild.cloneNode(true);

  const forgetOld = () => {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(KEPT))) {
      const kept = read(key);
      if (!kept || Date.now() - kept.at > KEPT_FOR_DAYS * 864e5) localStorage.removeItem(key);
    }
  };

  /* A form that was sent is done with, unless the answer asks to sign in or shows its errors.
     An answer names the form's page as its referrer; after a broken connection none comes. */
  const settleSent = () => {
    const [key, from] = JSON.parse(sessionStorage.getItem(SENT) || "[]");
    if (!key) return;
    sessionStorage.removeItem(SENT);
    const answered = document.referrer === from;
    if (!answered || !person || document.querySelector("[data-failed]")) {
      sessionStorage.setItem(UNSENT, key);
    } else if (!document.querySelector("form[data-keep] .is-invalid, .error-summary")) {
      localStorage.removeItem(key);
    }
  };

  const offerKept = (form) => {
    const key = keyOf(form);
    const kept = read(key);
    if (sessionStorage.getItem(UNSENT) === key) sessionStorage.removeItem(UNSENT);
    if (!kept || form.querySelector(".is-invalid") || !restore(form, kept.fields)) return;
    const told = notice("kept-here");
    told?.querySelector("[data-kept-forget]").addEventListener("click", () => {
      localStorage.removeItem(key);
      form.reset();
      told.remove();
    });
    if (told) form.prepend(told);
  };

  const pointToUnsent = () => {
    const key = sessionStorage.getItem(UNSENT);
    if (!key || !person || !key.startsWith(`${KEPT}${person}:`)) return;
    const kept = read(key);
    const told = kept && notice("kept-elsewhere");
    if (!told) return;
    told.querySelector("[data-kept-link]").href = kept.href;
    document.querySelector(".page-head")?.before(told);
  };

  const keepForm = (form) => {
    if (keys.has(form)) return;
    offerKept(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
    form.addEventListener("submit", () => {
      keep(form);
      sessionStorage.setItem(SENT, JSON.stringify([keyOf(form), location.href.split("#")[0]]));
    });
  };

  const formsIn = (part) =>
    part.matches?.("form[data-keep]") ? [part] : part.querySelectorAll("form[data-keep]");

  /* The same for forms that come and go without the page being loaded. */
  const keepSwapped = () => {
    document.body.addEventListener("htmx:load", (event) => {
      for (const form of formsIn(event.detail.elt)) keepForm(form);
      /* A part of a kept form was saved by itself: what is kept says so, too. */
      const whole = event.detail.elt.parentElement?.closest("form[data-keep]");
      if (whole && keys.has(whole) && read(keyOf(whole))) keep(whole);
    });
    document.body.addEventListener("htmx:afterRequest", (event) => {
      const { elt, successful } = event.detail;
      if (!successful || !elt.matches("form[data-keep]")) return;
      localStorage.removeItem(keyOf(elt));
      sessionStorage.removeItem(SENT);
    });
  };

  const keepForms = () => {
    forgetOld();
    settleSent();
    if (!person) return;
    for (const form of formsIn(document)) keepForm(form);
    keepSwapped();
    pointToUnsent();
    /* Signing out on a shared computer leaves nothing behind. */
    document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(`${KEPT}${person}:`)) localStorage.removeItem(key);
      }
      sessionStorage.clear();
    });
  };

  /* ---- One press, one act ---- */

  const guardDoubleSubmit = () => {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== "post") return;
      if (form.dataset.sending) {
        event.preventDefault();
        return;
      }
      form.dataset.sending = "yes";
      /* Disabled only after the browser has gathered the fields, the pressed button among them. */
      setTimeout(() => {
        if (event.submitter) event.submitter.disabled = true;
        event.submitter?.setAttribute("aria-busy", "true");
      });
    });
    /* Back again from the browser's cache: the buttons work again. */
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
      for (const button of document.querySelectorAll("[aria-busy]")) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      }
    });
  };

  /* ---- Lists with many ticks: [data-bulk] holds them, [data-bulk-all] ticks all ---- */

  const countSelected = (list) => {
    const boxes = [...list.querySelectorAll("[data-bulk-item]")];
    const ticked = boxes.filter((box) => box.checked).length;
    for (const place of list.querySelectorAll("[data-bulk-count]")) place.textContent = ticked;
    for (const button of list.querySelectorAll("[data-bulk-submit]")) button.disabled = ticked === 0;
    for (const all of list.querySelectorAll("[data-bulk-all]")) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };

  const enableBulk = (list) => {
    list.addEventListener("change", (event) => {
      if (event.target.matches("[data-bulk-all]")) {
        for (const box of list.querySelectorAll("[data-bulk-item]")) box.checked = event.target.checked;
      }
      countSelected(list);
    });
    countSelected(list);
  };

  /* ---- Folding menus close when one looks elsewhere ---- */

  const closeFolds = () => {
    const open = () => [...document.querySelectorAll("details.fold[open]")];
    document.addEventListener("click", (event) => {
      for (const fold of open()) if (!fold.contains(event.target)) fold.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      for (const fold of open()) {
        fold.open = false;
        fold.querySelector("summary").focus();
      }
    });
  };

  /* ---- A fragment that turns out to be the sign-in page: go there as a whole page ---- */

  const leaveForSignIn = () => {
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      const answered = new URL(event.detail.xhr.responseURL || location.href);
      if (answered.pathname !== document.body.dataset.signIn) return;
      event.detail.shouldSwap = false;
      location.reload();
    });
  };

  keepForms();
  guardDoubleSubmit();
  closeFolds();
  leaveForSignIn();
  for (const list of document.querySelectorAll("[data-bulk]")) enableBulk(list);
  document.querySelector(".error-summary")?.focus();
})();
