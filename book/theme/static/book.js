// Small repairs to the theme's scripts. Without scripts the pages are complete: tabs and solutions need none.

// A folded solution or a hidden tab has no size, so the theme cannot tell whether its code scrolls and should be
// reachable by keyboard. It looks again when the window changes size.
const measureAgain = () => window.dispatchEvent(new Event("resize"));
document.addEventListener("change", (event) => {
  if (event.target.matches(".sd-tab-set > input")) measureAgain();
});
document.addEventListener("toggle", measureAgain, true);

// Wide formulas and tables scroll in their own box, which then has to be reachable by keyboard and have a name.
const WIDE_BOXES = { ".math-scroll": "Formula", ".pst-scrollable-table-container": "Table" };
function reachWideBoxes() {
  for (const [kind, name] of Object.entries(WIDE_BOXES)) {
    for (const box of document.querySelectorAll(kind)) {
      const attributes = { tabindex: "0", role: "group", "aria-label": name };
      for (const [attribute, value] of Object.entries(attributes)) {
        if (box.scrollWidth > box.clientWidth) box.setAttribute(attribute, value);
        else box.removeAttribute(attribute);
      }
    }
  }
}
window.addEventListener("load", reachWideBoxes);
window.addEventListener("resize", reachWideBoxes);

// Paper is white: a dark page is printed as a light one.
let themeOnScreen;
window.addEventListener("beforeprint", () => {
  themeOnScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = themeOnScreen;
});

// The search page fetches the pages it found to quote them. From a file nothing can be fetched: it lists them only.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
