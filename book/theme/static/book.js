// Small repairs to the theme's scripts. Without scripts the pages are complete: tabs and solutions need none.

// A folded solution or a hidden tab has no size, so the theme cannot tell whether its code scrolls and should be
// reachable by keyboard. It looks again when the window changes size.
const measureAgain = () => window.dispatchEvent(new Event("resize"));
document.addEventListener("change", (event) => {
  if (event.target.matches(".sd-tab-set > input")) measureAgain();
});
document.addEventListener("toggle", measureAgain, true);

// What explains the covered outputs of a tab set opens and closes with them. The line that was used stays in place;
// where a link has opened it, the browser is on its way to what the link means, which has moved.
let usedLine = null;
document.addEventListener("click", ({ target }) => {
  usedLine = target.closest?.("summary") ?? null;
});
document.addEventListener("toggle", ({ target: fold }) => {
  if (!fold.matches("details.prediction")) return;
  const tabs = fold.matches(".explanation") ? fold.previousElementSibling : fold.closest(".sd-tab-set");
  const explanation = tabs?.nextElementSibling;
  if (!explanation?.matches("details.explanation")) return;
  const before = fold.getBoundingClientRect().top;
  for (const other of [...tabs.querySelectorAll("details.prediction"), explanation]) other.open = fold.open;
  const moved = fold.getBoundingClientRect().top - before;
  if (usedLine?.parentElement === fold) window.scrollBy({ top: moved, behavior: "instant" });
  else if (fold.open) fold.querySelector(":target")?.scrollIntoView();
}, true);

// What is wider than the page scrolls in its own box. Its edge fades where it goes on (book.css), and a formula or
// a table, like code by the theme, gets a name and can be reached by keyboard.
const NAMES_OF_BOXES = { ".math-scroll": "Formula", ".pst-scrollable-table-container": "Table", ".text_html": "Table" };
const BOXES = ["pre", ...Object.keys(NAMES_OF_BOXES)].map((kind) => `article ${kind}`).join();
const goesOn = (box) => box.scrollWidth - box.clientWidth - box.scrollLeft > 1;

function measureBoxes() {
  const boxes = [...document.querySelectorAll(BOXES)];
  const sizes = boxes.map((box) => [goesOn(box), box.scrollWidth > box.clientWidth]); // all, before anything changes
  for (const [i, box] of boxes.entries()) {
    const [goes, isWide] = sizes[i];
    box.classList.toggle("goes-on", goes);
    const kind = Object.keys(NAMES_OF_BOXES).find((name) => box.matches(name));
    if (!kind) continue;
    const attributes = { tabindex: "0", role: "group", "aria-label": NAMES_OF_BOXES[kind] };
    for (const [attribute, value] of Object.entries(attributes)) {
      if (isWide) box.setAttribute(attribute, value);
      else box.removeAttribute(attribute);
    }
  }
}
window.addEventListener("load", measureBoxes);
window.addEventListener("resize", measureBoxes);
document.addEventListener("scroll", ({ target }) => {
  if (target.matches?.(BOXES)) target.classList.toggle("goes-on", goesOn(target));
}, { capture: true, passive: true });

// The menu of downloads closes by Escape, and when something else is clicked.
const closeMenu = (menu) => { if (menu) menu.open = false; };
document.addEventListener("keydown", ({ key, target }) => {
  const menu = document.querySelector(".download-menu[open]");
  if (key !== "Escape" || !menu) return;
  if (menu.contains(target)) menu.querySelector("summary").focus();
  closeMenu(menu);
});
document.addEventListener("click", ({ target }) => {
  const menu = document.querySelector(".download-menu[open]");
  if (!menu?.contains(target)) closeMenu(menu);
});

// Paper is white: a dark page is printed as a light one.
let themeOnScreen;
window.addEventListener("beforeprint", () => {
  themeOnScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = themeOnScreen;
});
