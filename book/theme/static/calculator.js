// The calculator: every layer's shape beside its line while one types. What is said is worked out and written by
// the book's own rules (rules.js); here it is put into the page.
(function () {
  "use strict";

  const LONGEST_PLAIN = 1500; // characters of a link before it is compressed
  const MOST_TEXT = 200000; // characters of a model that is read
  const TYPING = 60, QUIET = 400; // milliseconds after a key: until the shapes are there, until all else is
  const ERROR = /^\s*(?:[\w.]+\.)?\w*(?:Error|Exception|Warning)\b\s*:|mat1 and mat2|expected input\[/m;
  const TRACEBACK = /^Traceback \(most recent call last\)/m;
  const MESSAGE_TELLS_TOO_LITTLE = "This message doesn't say enough to make a model from it. Paste the model, or let the decoder explain the message.";
  const { copyFor, packed, unpacked } = window.bookRules;
  const brought = window.history.state?.calculator; // by Back; Sphinx's highlighter clears it when the page is ready
  const here = document.currentScript.src;
  let decoder; // the decoder's engine and messages, once a message was pasted

  function load(name) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL(name, here).href;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  }

  async function explained(text) {
    decoder ??= (async () => {
      await Promise.all([load("decoder-data.js"), load("decoder-engine.js")]);
      return window.errorguide.prepare(JSON.parse(await unpacked(window.errorguideData)));
    })();
    const prepared = await decoder;
    return window.errorguide.explain(text, prepared);
  }

  async function start() {
    const part = (name) => document.getElementById(`calculator-${name}`);
    if (!part("text")) return;
    const rules = await window.bookRules.rules();
    const root = document.getElementById("calculator"), text = part("text"), shape = part("shape");
    const before = []; // what Undo brings back
    let calculated, timer, quiet;
    let read; // the message that a model was made from

    function showBeside() {
      const last = document.querySelector("[name=calculator-layout]:checked").value === "last";
      part("beside").innerHTML = calculated.beside[Number(last)];
    }

    function update() {
      root.dataset.pending = timer = "";
      const model = text.value.length > MOST_TEXT ? "" : text.value;
      calculated = rules.calculation(model, shape.value);
      part("shape-problem").textContent = calculated.problem;
      if (calculated.problem) shape.setAttribute("aria-invalid", "true");
      else shape.removeAttribute("aria-invalid");
      const lines = text.value.split("\n");
      text.rows = Math.max(4, lines.length + Number(lines.at(-1) !== "")); // the last for a scroll bar
      showBeside();
      part("answer").innerHTML = calculated.answer;
      if (part("apply")) part("apply").hidden = false; // without this script it would do nothing
      part("code").replaceChildren();
      part("clear").hidden = !text.value;
      part("undo").hidden = !before.length;
      window.clearTimeout(quiet);
      quiet = window.setTimeout(afterwards, QUIET);
    }

    // What takes longer, and what is said aloud, waits until the keys are quiet.
    async function afterwards() {
      const asked = text.value, turn = quiet;
      if (calculated.layers) part("code").innerHTML = rules.code(asked, shape.value);
      part("status").textContent = calculated.summary;
      keep();
      await link();
      if (isError(asked) && asked !== read) await fromError(asked);
      if (turn === quiet && !timer) delete root.dataset.pending; // all is said of what stands there
    }

    const isError = (asked) => TRACEBACK.test(asked) || (!calculated.layers && ERROR.test(asked));

    // What Back brings back stands in the entry of the browser's history.
    function keep() {
      try {
        window.history.replaceState({ calculator: [text.value, shape.value] }, "");
      } catch {
        // a browser that keeps less
      }
    }

    async function link() {
      const asked = [text.value, shape.value];
      const hash = new URLSearchParams({ m: asked[0], s: asked[1] }).toString();
      const address = hash.length > LONGEST_PLAIN ? `z=${await packed(JSON.stringify(asked))}` : hash;
      if (text.value !== asked[0] || shape.value !== asked[1]) return; // the next turn writes it
      part("link").href = `#${address}`;
      part("link").hidden = part("copy-link").hidden = !text.value.trim();
    }

    async function fromLink() {
      const given = new URLSearchParams(window.location.hash.slice(1));
      try {
        if (given.has("z")) return JSON.parse(await unpacked(given.get("z"))).map(String);
      } catch {
        return null; // a link cut off
      }
      return given.has("m") ? [given.get("m"), given.get("s") ?? ""] : null;
    }

    async function fromError(asked) {
      let example = null;
      read = asked; // Undo brings it back, and it stays
      try {
        const told = await explained(asked);
        const numbers = told && (told.numbers instanceof Map ? Object.fromEntries(told.numbers) : told.numbers);
        example = told && rules.example_of(told.id, numbers, told.message);
      } catch {
        part("said").textContent = "The decoder's files could not be loaded.";
        return;
      }
      if (text.value !== asked) return;
      if (example) {
        set(example.model, example.shape);
        said("This small model fails with the message that you pasted.");
      } else {
        said(MESSAGE_TELLS_TOO_LITTLE, "decoder.html", "To the decoder");
      }
    }

    function said(sentence, page, words) {
      part("said").replaceChildren(sentence);
      part("status").textContent = sentence;
      if (!page) return;
      const link = document.createElement("a");
      link.href = page;
      link.append(words);
      part("said").append(" ", link);
    }

    function set(model, sizes) {
      if (model === text.value && sizes === shape.value) return;
      before.push([text.value, shape.value]);
      text.value = model;
      shape.value = sizes;
      part("said").replaceChildren();
      update();
    }

    function typed() {
      root.dataset.pending = "";
      part("said").replaceChildren();
      window.clearTimeout(timer);
      timer = window.setTimeout(update, TYPING);
    }

    function apply() {
      const changed = rules.repaired(text.value, shape.value);
      if (changed === null) {
        said("The change can't be written into this text. Change the line by hand.");
        return;
      }
      set(changed, shape.value);
      text.focus({ preventScroll: true }); // the button is gone
    }

    text.addEventListener("input", typed);
    shape.addEventListener("input", typed);
    text.addEventListener("scroll", () => { part("beside").scrollTop = text.scrollTop; });
    part("undo").addEventListener("click", () => {
      const [model, sizes] = before.pop();
      text.value = model;
      shape.value = sizes;
      part("said").replaceChildren();
      update();
      if (!before.length) text.focus({ preventScroll: true });
    });
    part("clear").addEventListener("click", () => { set("", shape.value); text.focus(); });
    part("copy-link").addEventListener("click", async ({ currentTarget }) => {
      await link(); // it may be of the keys before the last ones
      copyFor(currentTarget, part("link").href);
    });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.id === "calculator-apply") apply();
      if (button?.matches(".calculator-example")) set(button.dataset.model, button.dataset.shape || shape.value);
      if (button?.matches("[data-copy]")) copyFor(button, button.previousElementSibling.textContent);
    });
    for (const choice of document.querySelectorAll("[name=calculator-layout]")) choice.addEventListener("change", showBeside);
    for (const hidden of document.querySelectorAll(".calculator .decoder-buttons, .calculator-layouts")) hidden.hidden = false;
    const show = async () => {
      const linked = await fromLink();
      if (linked) set(...linked);
    };
    window.addEventListener("hashchange", show);
    document.addEventListener("click", keep, true); // a link may lead away before the timer is over
    if (brought) [text.value, shape.value] = brought;
    update();
    (brought ? Promise.resolve() : show()).then(() => { root.dataset.ready = "yes"; });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
