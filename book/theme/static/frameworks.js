// The reader's framework: chosen at the top of a page or in any tab, it opens the same tab everywhere in the book.
//
// sphinx-design switches the tabs of a page together and keeps the choice under KEPT. An address that ends in
// "?framework=tensorflow" chooses for this visit only, until the reader does. Without scripts PyTorch's tabs are open.

const KEPT = "sphinx-design-tab-id-framework";
const OF_THIS_VISIT = "framework-of-this-visit";
const FRAMEWORKS = ["numpy", "pytorch", "tensorflow"];

// A browser may refuse its memory: then a choice holds for the page.
function remember(memory, key, value) {
  try {
    if (value === null) window[memory].removeItem(key);
    else window[memory].setItem(key, value);
  } catch {}
}
function remembered(memory, key) {
  try {
    return window[memory].getItem(key);
  } catch {
    return null;
  }
}

const asked = new URLSearchParams(location.search).get("framework");
const keptBefore = remembered("localStorage", KEPT);
if (FRAMEWORKS.includes(asked)) remember("sessionStorage", OF_THIS_VISIT, asked);

const frameworkNow = () =>
  [remembered("sessionStorage", OF_THIS_VISIT), keptBefore].find((name) => FRAMEWORKS.includes(name)) ?? "pytorch";

// A set into which the address leads shows what is asked for.
function openTabs(framework) {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const label of document.querySelectorAll(`.sd-tab-label[data-sync-group=framework][data-sync-id=${framework}]`))
    if (!target || !label.parentElement.contains(target)) document.getElementById(label.htmlFor).checked = true;
  window.dispatchEvent(new Event("resize")); // what scrolls is measured again
}

// What the reader looks at stays where it is, whatever the tabs above it now hold.
function holdStill(change) {
  const parts = [...document.querySelectorAll("article :is(h1, h2, h3, p, pre):not(.sd-tab-content *)")];
  const seen = parts.find((part) => part.checkVisibility() && part.getBoundingClientRect().top >= 0);
  const before = seen?.getBoundingClientRect().top;
  change();
  if (seen?.checkVisibility()) window.scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
}

document.addEventListener("DOMContentLoaded", () => {
  const choice = document.getElementById("framework-choice");
  // sphinx-design, which was first, has kept what the address asks for: it is not the reader's own choice.
  if (asked !== null) remember("localStorage", KEPT, keptBefore);
  openTabs(frameworkNow());
  if (choice) choice.value = frameworkNow();

  document.addEventListener("change", (event) => {
    const label = event.target.matches?.(".sd-tab-set > input") ? event.target.nextElementSibling : null;
    if (event.target === choice) {
      holdStill(() => openTabs(choice.value));
      remember("localStorage", KEPT, choice.value);
    } else if (label?.dataset.syncGroup === "framework") {
      if (choice) choice.value = label.dataset.syncId;
    } else return;
    remember("sessionStorage", OF_THIS_VISIT, null);
  });
});
