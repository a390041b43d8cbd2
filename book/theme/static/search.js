// The search of the book, on every page (Ctrl+K) and on search.html: what was found stands below the field while one
// types. The texts of the pages are loaded with the first letter, as scripts, so that it works from a file as well.
(function () {
  "use strict";

  const STATIC = new URL(".", document.currentScript.src);
  const ROOT = new URL("..", STATIC);
  const PARTS = ["minisearch.js", "search-data.js", "search-engine.js"];
  const IN_OVERLAY = 8;
  const ON_PAGE = 40;
  const MARKED = 3; // a word with fewer letters is marked nowhere: it is in too many others
  let loading;

  const script = (name) =>
    new Promise((resolve, reject) => {
      const made = document.createElement("script");
      made.src = new URL(name, STATIC);
      made.onload = resolve;
      made.onerror = () => reject(new Error(`${name} could not be loaded`));
      document.head.append(made);
    });

  async function load() {
    await Promise.all(PARTS.map(script));
    const bytes = Uint8Array.from(atob(window.bookSearchData), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const data = JSON.parse(await new Response(stream).text());
    window.bookSearch.book = { ...window.bookSearch.prepare(data), decoder: data.decoder, words: data.words };
    return window.bookSearch.book;
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function link(address, ...children) {
    const made = element("a", "", ...children);
    made.href = new URL(address, ROOT);
    return made;
  }

  function framework() {
    return document.getElementById("framework-choice")?.value ?? "pytorch";
  }

  function itemOf({ page, section: [anchor, heading], snippet, words }) {
    const title = link(page.address + (anchor ? `#${anchor}` : ""), page.title);
    const item = element("li", "", title, " ", element("span", "search-kind", page.label));
    if (anchor) item.append(element("p", "search-section", heading));
    const text = snippet.map((piece, place) => (place % 2 ? element("mark", "", piece) : piece));
    item.append(element("p", "search-snippet", ...text));
    title.addEventListener("click", () => mark(words));
    return item;
  }

  // Sphinx's highlighter takes the words from here when the page is ready, and forgets them.
  function mark(words) {
    try {
      localStorage.setItem("sphinx_highlight_terms", words.filter((word) => word.length >= MARKED).join(" "));
    } catch {
      // a browser that keeps nothing marks nothing
    }
  }

  function decoderLink(book, query, words) {
    return link(`${book.decoder}#m=${encodeURIComponent(query)}`, words);
  }

  // Lets a field show what it finds in a place below it; the function that it returns shows it again.
  function attach(field, place, most) {
    const status = element("p", "search-status");
    status.setAttribute("role", "status");
    const list = element("ol", "search-list");
    place.replaceChildren(status, list);

    async function show() {
      const query = field.value.trim();
      if (!query) return place.classList.remove("shown"), list.replaceChildren(), status.replaceChildren();
      const book = await (loading ??= load());
      if (field.value.trim() !== query) return; // typed on in the meantime
      const found = window.bookSearch.find(book, query, { framework: framework(), most: ON_PAGE });
      place.classList.add("shown");
      place.dataset.query = query;
      list.replaceChildren(...found.slice(0, most).map(itemOf));
      status.replaceChildren(...said(book, query, found));
      if (found.length > most) {
        const all = link(`search.html?q=${encodeURIComponent(query)}`, `All ${found.length === ON_PAGE ? "results" : `${found.length} pages`}`);
        list.append(element("li", "search-all", all));
      }
    }

    function said(book, query, found) {
      if (!found.length) {
        const words = [`Nothing found for “${query}”. Try a single word of it`];
        words.push(...(book.words ? [", or look through the ", link(book.words, "index"), "."] : ["."]));
        if (book.decoder) words.push(" Is it an error message? ", decoderLink(book, query, "Explain it"), ".");
        return words;
      }
      if (book.decoder && window.bookSearch.looksLikeMessage(query))
        return ["This looks like an error message: ", decoderLink(book, query, "explain it"), "."];
      return [found.length === ON_PAGE ? `The ${ON_PAGE} best pages` : found.length === 1 ? "1 page" : `${found.length} pages`];
    }

    field.addEventListener("input", show);
    // The arrows lead through what was found and back into the field.
    place.parentElement.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [field, ...place.querySelectorAll("a")];
      const at = stops.indexOf(document.activeElement);
      if (!step || at < 0 || !stops[at + step]) return;
      event.preventDefault();
      stops[at + step].focus();
    });
    return show;
  }

  function wordsOfAddress() {
    const name = decodeURIComponent(location.pathname).split("/").at(-1).replace(/\.\w+$/, "");
    return name === "404" ? "" : name.replace(/[-_+]+/g, " ").trim();
  }

  function start() {
    const overlay = document.querySelector(".search-button__search-container");
    if (overlay) {
      const place = element("div", "search-found");
      overlay.append(place);
      const field = overlay.querySelector("input");
      attach(field, place, IN_OVERLAY);
      const close = () => document.querySelector(".search-button__wrapper").classList.remove("show");
      // What was found may be on this page: nothing then closes what lies over it.
      place.addEventListener("click", ({ target }) => {
        if (target.closest("a")) close();
      });
      // The theme's own Escape works in the field only.
      place.addEventListener("keydown", ({ key }) => {
        if (key === "Escape") close();
      });
    }
    const place = document.getElementById("search-results");
    const field = document.getElementById("search-page-input");
    if (!place || !field) return;
    const show = attach(field, place, ON_PAGE);
    const ofAddress = "askAddress" in place.dataset; // a page that is not there: its name may say what was meant
    const asked = ofAddress ? wordsOfAddress() : new URLSearchParams(location.search).get("q");
    field.value = asked ?? "";
    show();
    if (ofAddress) return;
    field.addEventListener("input", () => {
      try {
        history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`);
      } catch {
        // a browser may refuse it from a file: the address then stays as it was
      }
    });
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      place.querySelector("ol a")?.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
