// The decoder page: what is typed is explained at once, in this page, and written as text, never as markup.
(function () {
  "use strict";

  const LONGEST_LINK = 6000; // characters of a message that a link carries
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

  function numbersList(told) {
    const list = element("dl", "decoder-numbers");
    for (const [value, role, what] of told) {
      const owner = element("span", "decoder-owner", catalogue.owners[role]);
      list.append(element("dt", "", value), element("dd", "", owner, ": ", ...sentence(what)));
    }
    return list;
  }

  const code = (text) => element("pre", "", element("code", "", text));

  function causesList(causes) {
    const list = element("ol", "decoder-causes");
    for (const cause of causes) {
      const item = element("li", "", element("strong", "", ...sentence(cause.title)));
      if (cause.fits) item.append(element("span", "decoder-fit", " (fits these numbers)"));
      item.append(element("p", "", ...sentence(cause.reason)));
      for (const repair of cause.repairs) {
        if (repair.intent) item.append(element("p", "decoder-intent", ...sentence(repair.intent), ":"));
        item.append(code(repair.code));
        if (repair.loses) item.append(element("p", "decoder-loses", "Careful: ", ...sentence(repair.loses)));
      }
      list.append(item);
    }
    return list;
  }

  // The reader's own line, and what to print there.
  function placeOf({ file, line, function: called, code: written, show: printed }) {
    const words = [file, ...(line === null ? [] : [`line ${line}`]), ...(called === null ? [] : [`in ${called}`])].join(", ");
    const told = element("div", "decoder-place", element("p", "", "Your line: ", words));
    if (written) told.append(code(written));
    if (printed) told.append(element("p", "", "Look there first:"), code(printed));
    return told;
  }

  function pageLink(explanation, text) {
    const link = element("a", "", text);
    link.href = `${explanation.page}.html`;
    return link;
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
      const last = element("code", "", explanation.unknown);
      answer.append(element("p", "decoder-unknown", "The last error here is not one this book knows: ", last, ". The message below came before it, and may be worth reading."));
    }
    answer.append(element("h2", "", "What it says"), element("p", "decoder-message", element("code", "", explanation.message)));
    if (explanation.place) answer.append(placeOf(explanation.place));
    if (explanation.numbers.mismatches > 1) answer.append(element("p", "", `${explanation.numbers.mismatches} parameters differ; the first is shown.`));
    const told = window.errorguide.toldNumbers(explanation);
    if (told.length) answer.append(numbersList(told));
    const single = explanation.causes.filter((cause) => !cause.footer);
    answer.append(element("h2", "", "What probably happened"), causesList(single.slice(0, explanation.shown)));
    if (explanation.place) answer.append(element("p", "", explanation.place.verify));
    const folded = single.slice(explanation.shown);
    if (folded.length) {
      const titles = folded.map((cause) => cause.title).join("; ");
      answer.append(element("details", "decoder-folded", element("summary", "", "Less likely: ", ...sentence(titles)), causesList(folded)));
    }
    const footer = explanation.causes.filter((cause) => cause.footer).map((cause) => cause.title);
    if (footer.length) answer.append(element("p", "", "Always possible: ", ...sentence(footer.join("; ")), "."));
    answer.append(element("p", "", "More, with code that raises it and older wordings: ", pageLink(explanation, explanation.title), "."));
    if (explanation.others.length) {
      const others = element("ul", "");
      for (const other of explanation.others) others.append(element("li", "", pageLink(other, other.message)));
      answer.append(element("h2", "", "Also in this text"), others);
    }
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

  async function start() {
    const field = document.getElementById("decoder-text");
    if (!field) return;
    const answer = document.getElementById("decoder-answer");
    const link = document.getElementById("decoder-link");
    const clear = document.getElementById("decoder-clear");
    catalogue = await unpack(window.errorguideData);
    const prepared = window.errorguide.prepare(catalogue);

    function update() {
      const text = field.value;
      const explanation = text.trim() ? window.errorguide.explain(text, prepared) : null;
      show(answer, text, explanation);
      link.hidden = explanation === null;
      clear.hidden = !text;
      link.href = explanation === null ? "#" : `#m=${encodeURIComponent([...text].slice(-LONGEST_LINK).join(""))}`;
    }

    function set(text) {
      field.value = text;
      update();
    }

    field.addEventListener("input", update);
    clear.addEventListener("click", () => {
      set("");
      field.focus();
    });
    for (const button of document.querySelectorAll(".decoder-example")) button.addEventListener("click", () => set(button.dataset.message));
    window.addEventListener("hashchange", () => {
      const linked = fromFragment();
      if (linked !== null) set(linked);
    });
    const linked = fromFragment();
    if (linked !== null) set(linked);
    else update();
    document.getElementById("decoder").dataset.ready = "yes";
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
