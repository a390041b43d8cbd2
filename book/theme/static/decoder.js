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

  function numbersList(explanation) {
    const list = element("dl", "decoder-numbers");
    for (const [name, meaning] of Object.entries(explanation.meanings)) {
      const cut = meaning.indexOf(": ");
      const owner = element("span", "decoder-owner", catalogue.owners[meaning.slice(0, cut)]);
      list.append(
        element("dt", "", window.errorguide.spell(explanation.numbers[name])),
        element("dd", "", owner, ": ", ...sentence(meaning.slice(cut + 2))),
      );
    }
    return list;
  }

  function causesList(explanation) {
    const list = element("ol", "decoder-causes");
    for (const cause of explanation.causes) {
      const item = element("li", "", element("strong", "", ...sentence(cause.title)));
      item.append(cause.fits ? element("span", "decoder-fit", " (fits these numbers)") : " (possible)");
      item.append(element("p", "", ...sentence(cause.reason)));
      if (cause.repair) item.append(element("pre", "", element("code", "", cause.repair)));
      list.append(item);
    }
    return list;
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
    answer.append(element("h2", "", "What it says"));
    answer.append(element("p", "", `A message of ${catalogue.frameworks[explanation.framework]}.`));
    if (explanation.numbers.mismatches > 1) answer.append(element("p", "", `${explanation.numbers.mismatches} parameters differ; the first is shown.`));
    if (Object.keys(explanation.meanings).length) answer.append(numbersList(explanation));
    answer.append(element("h2", "", "What probably happened"), causesList(explanation));
    answer.append(element("p", "", "More, with code that raises it and older wordings: ", pageLink(explanation, explanation.title), "."));
    if (explanation.others.length) {
      const others = element("ul", "");
      for (const other of explanation.others) others.append(element("li", "", pageLink(other, other.title)));
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
