// What a word of the glossary means, shown beside the word: by pointer, by keyboard, and by the first tap on a touch
// screen (the second one follows the link). Escape takes it away. Without this script the words are plain links.
{
  const SOURCE = new URL("glossary-data.js", document.currentScript.src).href;
  const OPENS_AFTER = 150; // ms: a pointer that only passes opens nothing
  const CLOSES_AFTER = 250; // ms: the pointer may move from the word to the card
  const card = Object.assign(document.createElement("div"), { id: "term-card", className: "term-card", hidden: true });
  card.setAttribute("role", "tooltip");
  let asked, definitions, timer;

  const load = () => definitions ??= new Promise((resolve) => {
    document.head.append(Object.assign(document.createElement("script"), { src: SOURCE, onload: () => resolve(BOOK_TERMS) }));
  });

  function place(link, pointer) {
    const parts = [...link.getClientRects()]; // a word may be broken between lines
    const word = parts.find(({ top, bottom }) => pointer >= top && pointer <= bottom) ?? parts[0];
    const frame = card.offsetParent.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const room = document.documentElement.clientWidth - 8;
    const right = Math.min(link.closest("article").getBoundingClientRect().right, room);
    const below = word.bottom + height + 12 < window.innerHeight || word.top < height + 12;
    card.style.left = `${Math.max(8, Math.min(word.left, right - width)) - frame.left}px`;
    card.style.top = `${(below ? word.bottom + 6 : word.top - height - 6) - frame.top}px`;
  }

  async function show(link, pointer) {
    clearTimeout(timer);
    if (asked === link) return;
    hide();
    asked = link;
    const says = (await load())[link.hash.slice(1)];
    if (asked !== link || !says) return;
    card.innerHTML = says;
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    place(link, pointer);
  }

  function hide() {
    clearTimeout(timer);
    asked?.removeAttribute("aria-describedby");
    asked = undefined;
    card.hidden = true;
  }

  function later(action, wait) {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  }

  const termOf = ({ target }) => target.closest?.("a.term");
  document.addEventListener("DOMContentLoaded", () => document.querySelector("article").after(card));
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = termOf(event);
    if (link) later(() => show(link, event.clientY), OPENS_AFTER);
    else if (card.contains(event.target)) clearTimeout(timer);
    else if (asked && asked !== document.activeElement) later(hide, CLOSES_AFTER);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const link = termOf(event);
    if (link?.matches(":focus-visible")) show(link);
    else if (asked && asked !== link) hide();
  });
  document.addEventListener("click", (event) => {
    const link = termOf(event);
    if (link && event.pointerType === "touch" && asked !== link) {
      event.preventDefault();
      show(link);
    } else if (!link && !card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
}
