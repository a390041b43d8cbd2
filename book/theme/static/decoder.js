// The decoder: what is typed is explained at once, in this page, and written as text, never as markup.
(function () {
  "use strict";

  const LONGEST_LINK = 6000; // characters of a message that a link carries
  const LONGEST_KEPT = 500000; // characters of the text that Back brings back
  const MARGIN = 16; // pixels below what is scrolled into view
  const brought = window.history.state?.text; // by Back; Sphinx's highlighter clears it when the page is ready
  let catalogue; // what `make book` writes beside the page: messages and causes, names of owners and frameworks

  async function unpack(packed) {
    const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  // `code` in a sentence becomes a code element; everything stays text.
  function sentence(text) {
    return text.split("`").map((part, place) => (place % 2 ? element("code", "", part) : part));
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = element("textarea", "");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy"); // where a page from a file, or an old browser, has no clipboard
      field.remove();
    }
  }

  // Copies for a button, which says so for a while.
  async function copyFor(button, name, text) {
    await copy(text);
    button.replaceChildren("Copied");
    window.setTimeout(() => button.replaceChildren(name), 2000);
  }

  function copyButton(text, label) {
    const button = element("button", "decoder-copy", "Copy");
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => copyFor(button, "Copy", text));
    return button;
  }

  function codeBlock(code, label) {
    return element("div", "decoder-code", element("pre", "", element("code", "", code)), copyButton(code, label));
  }

  function numbersList(told) {
    const list = element("dl", "decoder-numbers");
    for (const [value, role, what] of told) {
      const owner = element("span", "decoder-owner", catalogue.owners[role]);
      list.append(element("dt", "", value), element("dd", "", owner, ": ", ...sentence(what)));
    }
    return list;
  }

  function causesList(causes) {
    const list = element("ol", "decoder-causes");
    for (const cause of causes) {
      const item = element("li", "", element("strong", "", ...sentence(cause.title)));
      if (cause.fits) item.append(element("span", "decoder-fit", " (fits these numbers)"));
      item.append(element("p", "", ...sentence(cause.reason)));
      for (const { code, intent, loses } of cause.repairs) {
        if (intent) item.append(element("p", "", ...sentence(intent), ":"));
        item.append(codeBlock(code, `Copy the repair: ${intent || cause.title}`));
        if (loses) item.append(element("p", "decoder-careful", element("strong", "", "Careful: "), ...sentence(loses)));
      }
      list.append(item);
    }
    return list;
  }

  function causes(explanation) {
    const shown = explanation.causes.slice(0, explanation.shown);
    const folded = explanation.causes.slice(explanation.shown).filter((cause) => !cause.footer);
    const footer = explanation.causes.filter((cause) => cause.footer);
    const parts = [causesList(shown)];
    if (folded.length) {
      const titles = element("summary", "", "Less likely: ", ...sentence(folded.map((cause) => cause.title).join("; ")));
      const rest = causesList(folded);
      rest.start = shown.length + 1;
      parts.push(element("details", "more", titles, rest));
    }
    if (footer.length) parts.push(element("p", "decoder-footer", `Always possible: ${footer.map((cause) => cause.title).join("; ")}.`));
    return parts;
  }

  function pageLink(explanation, text) {
    const link = element("a", "", text);
    link.href = `${explanation.page}.html`;
    return link;
  }

  // The reader's own line of a traceback, and what to print there.
  function placeOf({ file, line, function: called, code, show, where: goes }) {
    const words = [file, ...(line === null ? [] : [`line ${line}`]), ...(called === null ? [] : [`in ${called}`])];
    const where = element("p", "", "Your line: ");
    if (code) where.append(element("code", "", code), " ");
    where.append(`(${words.join(", ")}).`);
    if (show) where.append(" Look there first: ", element("code", "", show), ".");
    if (goes) where.append(` ${goes}`);
    return where;
  }

  function show(answer, text, explanation) {
    answer.replaceChildren();
    if (!text.trim()) return;
    if (explanation === null) {
      const all = element("a", "", "the list of all messages");
      all.href = "errors/index.html";
      answer.append(element("p", "", "This is not an error about shapes that the book knows. Paste the line that begins with the error's name, or look through ", all, "."));
      return;
    }
    if (explanation.unknown) {
      answer.append(element("p", "", "The last error here is not one that this book knows: ", element("code", "", explanation.unknown), ". The message below came before it, and may be worth reading."));
    }
    answer.append(element("pre", "decoder-message", window.errorguide.withoutMiddle(explanation.message)));
    if (explanation.numbers.mismatches > 1) answer.append(element("p", "", `${explanation.numbers.mismatches} parameters differ; the first is shown.`));
    if (explanation.place) answer.append(placeOf(explanation.place));
    const told = window.errorguide.toldNumbers(explanation);
    if (told.length) answer.append(numbersList(told));
    answer.append(element("h2", "", "What probably happened"), ...causes(explanation));
    if (explanation.place) answer.append(element("p", "", ...sentence(explanation.place.verify)));
    answer.append(element("p", "", "More, with what came out of each repair and what does not help: ", pageLink(explanation, explanation.title), "."));
    if (explanation.others.length) {
      const others = element("ul", "");
      for (const other of explanation.others) others.append(element("li", "", pageLink(other, window.errorguide.withoutMiddle(other.message))));
      answer.append(element("h2", "", "Also in this text"), others);
    }
  }

  // What a screen reader is told when the answer changes: not the whole of it.
  function summary(text, explanation) {
    if (!text.trim()) return "";
    if (explanation === null) return "Not an error about shapes that the book knows.";
    return `Explained: ${explanation.causes[0].title}${explanation.shown > 1 ? `, and ${explanation.shown - 1} more` : ""}.`;
  }

  function fromFragment() {
    const found = /^#m=(.*)$/s.exec(window.location.hash);
    if (!found) return null;
    try {
      return decodeURIComponent(found[1]);
    } catch {
      return null; // a link cut off in the middle of a character
    }
  }

  // Tab goes to the field first, and so does a link before everything else on the page.
  function leadToField(field) {
    const skip = document.querySelector("#pst-skip-link");
    if (skip) {
      const link = element("a", "", "Skip to the field");
      link.href = `#${field.id}`;
      link.addEventListener("click", (event) => {
        event.preventDefault(); // the fragment is the message's
        field.focus();
      });
      skip.append(link);
    }
    if (document.activeElement !== document.body) return;
    const label = document.querySelector("label[for=decoder-text]");
    label.tabIndex = -1;
    label.focus({ preventScroll: true });
    label.blur(); // the browser goes on from here
    label.removeAttribute("tabindex");
  }

  async function start() {
    const field = document.getElementById("decoder-text");
    if (!field) return;
    document.querySelector(".decoder-buttons").hidden = false; // without scripts they would do nothing
    const answer = document.getElementById("decoder-answer");
    const status = document.getElementById("decoder-status");
    const link = document.getElementById("decoder-link");
    const copyLink = document.getElementById("decoder-copy-link");
    const clear = document.getElementById("decoder-clear");
    catalogue = await unpack(window.errorguideData);
    const prepared = window.errorguide.prepare(catalogue);
    let keeping; // the timer of what follows the typing

    function update() {
      const text = field.value;
      const explanation = text.trim() ? window.errorguide.explain(text, prepared) : null;
      show(answer, text, explanation);
      for (const part of document.querySelectorAll(".until-asked")) part.hidden = Boolean(text.trim());
      link.hidden = copyLink.hidden = explanation === null;
      clear.hidden = !text;
      link.href = explanation === null ? "#" : `#m=${encodeURIComponent([...(explanation.message)].slice(0, LONGEST_LINK).join(""))}`;
      window.clearTimeout(keeping);
      keeping = window.setTimeout(() => {
        status.textContent = summary(text, explanation);
        keep();
      }, 300);
    }

    // What Back brings back: the text stands in the entry of the browser's history.
    function keep() {
      const text = field.value.length <= LONGEST_KEPT ? field.value : "";
      try {
        window.history.replaceState({ text }, "");
      } catch {
        // a browser that keeps less; Back then shows an empty field
      }
    }

    // So far down that the first cause is seen with its repair, and the answer's beginning stays in sight.
    function inView() {
      const first = answer.querySelector("ol > li") ?? answer.lastElementChild;
      if (!first) return;
      const below = first.getBoundingClientRect().bottom - window.innerHeight + MARGIN;
      const most = answer.getBoundingClientRect().top - parseFloat(getComputedStyle(answer).scrollMarginTop);
      const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      const down = Math.min(below, most);
      if (down > 0) window.scrollBy({ top: down, behavior: quiet ? "auto" : "smooth" });
    }

    function set(text) {
      field.value = text;
      update();
      inView();
    }

    field.addEventListener("input", (event) => {
      update();
      if (event.inputType === "insertFromPaste" || event.inputType === "insertFromDrop") inView();
    });
    clear.addEventListener("click", () => {
      if (window.location.hash) window.history.pushState(null, "", window.location.pathname + window.location.search);
      set("");
      field.focus();
    });
    copyLink.addEventListener("click", () => copyFor(copyLink, "Copy the link", link.href));
    for (const button of document.querySelectorAll(".decoder-example")) button.addEventListener("click", () => set(button.dataset.message));
    document.addEventListener("click", keep, true); // a link may lead away before the timer is over
    // Back, Forward, another address: what that entry held, else what its address says, else nothing.
    window.addEventListener("popstate", (event) => set(event.state?.text ?? fromFragment() ?? ""));
    const linked = brought ?? fromFragment();
    if (linked) set(linked);
    else update();
    leadToField(field);
    document.getElementById("decoder").dataset.ready = "yes";
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
