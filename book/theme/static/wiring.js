// The wiring: one convolution by sliders and numbers. What is said and drawn is made by the book's own rules
// (rules.js); here the settings are read and the answer is put into the page.
(function () {
  "use strict";

  const QUIET = 400; // milliseconds after a change until it is said aloud

  async function start() {
    const part = (name) => document.getElementById(`wiring-${name}`);
    if (!part("settings")) return;
    const { copyFor, rules: load } = window.bookRules;
    const rules = await load();
    const form = part("settings"), lit = part("lit"), transposed = part("transposed");
    const fields = [...form.querySelectorAll("[data-setting]")];
    const paddings = [...form.querySelectorAll("[name=wiring-padding]")];
    const keys = [...new Set(fields.map((field) => field.dataset.setting))];
    const numberOf = (key) => form.querySelector(`[type=number][data-setting="${key}"]`);
    let quiet;

    // A number that is not one, or too large, counts as the nearest that is.
    function whole(field) {
      const value = Math.round(Number(field.value)) || Number(field.min);
      return Math.min(Math.max(value, Number(field.min)), Number(field.max));
    }

    function settings() {
      const found = { transposed: transposed.checked, padding: paddings.find((choice) => choice.checked).value };
      for (const key of keys) {
        const [name, place] = key.split("-");
        if (place === undefined) found[name] = whole(numberOf(key));
        else (found[name] ??= [])[Number(place)] = whole(numberOf(key));
      }
      return found;
    }

    function update() {
      const now = settings();
      lit.max = now.out_channels - 1;
      const looked = whole(lit);
      for (const field of form.querySelectorAll("[data-of=zeros]")) field.hidden = now.padding !== "zeros";
      for (const field of form.querySelectorAll("[data-of=output_padding]")) field.hidden = !now.transposed;
      const shown = rules.convolution(now, looked);
      const scrolled = [...part("answer").querySelectorAll(".wiring-scroll")].map((box) => box.scrollLeft);
      part("answer").innerHTML = shown.answer;
      part("answer").querySelectorAll(".wiring-scroll").forEach((box, place) => { box.scrollLeft = scrolled[place] ?? 0; });
      part("now").textContent = shown.summary;
      form.querySelector(".wiring-lit").hidden = !shown.reads;
      part("reads").textContent = shown.reads;
      part("link").href = `#${new URLSearchParams(plain(now))}`;
      window.clearTimeout(quiet);
      quiet = window.setTimeout(() => { part("status").textContent = shown.summary; }, QUIET);
    }

    const plain = (now) => Object.fromEntries(Object.entries(now).map(([name, value]) => [name, String(value)]));

    function set(given) {
      transposed.checked = given.transposed === "true";
      for (const choice of paddings) choice.checked = choice.value === (given.padding ?? "zeros");
      if (!paddings.some((choice) => choice.checked)) paddings[0].checked = true;
      for (const key of keys) {
        const [name, place] = key.split("-");
        const value = given[name]?.split(",")[Number(place ?? 0)];
        for (const field of fields.filter((each) => each.dataset.setting === key)) field.value = value ?? field.defaultValue;
      }
      for (const key of keys) numberOf(key).value = whole(numberOf(key));
      lit.value = 0;
      update();
    }

    form.addEventListener("input", (event) => {
      const key = event.target.dataset.setting;
      if (key) for (const field of fields.filter((each) => each.dataset.setting === key && each !== event.target)) field.value = whole(event.target);
      update();
    });
    form.addEventListener("change", (event) => {
      if (event.target.type === "number") event.target.value = whole(event.target);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    // An output that the mouse points at lights up its inputs; the number field does it by keyboard. A mouse that
    // rests where something new is drawn says nothing.
    let pointed;
    part("answer").addEventListener("mousemove", (event) => {
      const place = `${event.clientX} ${event.clientY}`;
      if (place === pointed) return;
      pointed = place;
      const node = event.target.closest("[data-output]");
      if (!node || whole(lit) === Number(node.dataset.output)) return;
      lit.value = node.dataset.output;
      update();
    });
    part("reset").addEventListener("click", () => {
      window.history.replaceState(null, "", window.location.pathname + window.location.search);
      set({});
    });
    part("copy-link").addEventListener("click", (event) => copyFor(event.currentTarget, part("link").href));
    function fromLink() {
      const given = Object.fromEntries(new URLSearchParams(window.location.hash.slice(1)));
      if (given.in_channels) set(given);
    }

    window.addEventListener("hashchange", fromLink);
    form.hidden = false;
    update();
    fromLink();
    document.getElementById("wiring").dataset.ready = "yes";
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
