// The rules of shapes for the calculator's page and the wiring's, and what both pages do besides. `make book` writes
// the rules, book/shapes as a script, into rules-data.js: deflated, so that the page stays light.
(function () {
  "use strict";

  // Where a page has no contents at its side, Bootstrap takes the fragment of every link for a selector, and stops
  // with an error at one that carries a model.
  if (!document.querySelector(".bd-toc-nav")) document.body.removeAttribute("data-bs-spy");

  async function through(stream, bytes) {
    return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
  }

  // A text deflated, in base64 that an address may hold.
  async function packed(text) {
    const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
    const signs = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  async function unpacked(text) {
    const signs = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(signs, (sign) => sign.charCodeAt(0));
    return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
  }

  // The rules' functions, once their script has run.
  async function rules() {
    const script = document.createElement("script");
    script.text = await unpacked(window.shapesData);
    document.head.append(script);
    return window.shapes;
  }

  // Copies for a button, which says so for a while.
  async function copyFor(button, text) {
    const name = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy"); // where a page from a file, or an old browser, has no clipboard
      field.remove();
    }
    button.replaceChildren("Copied");
    window.setTimeout(() => button.replaceChildren(name), 2000);
  }

  window.bookRules = { copyFor, packed, rules, unpacked };
})();
