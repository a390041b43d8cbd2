// What a page does on paper that a style sheet cannot: solutions stand together at the end, and folds are open.
// Of a page about an error neither folds in folds nor the programs that its repairs were run on are printed.
//
// The form below a chapter chooses what is printed; so does an address: "?solutions=none", "?frameworks=chosen".
// The style sheet reads the choices from the root element, so they also hold for the browser's own "Print".

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("print-choice");
  if (!form) return;
  const asked = new URLSearchParams(location.search);
  const choose = () => {
    for (const { name, value } of form.querySelectorAll("select"))
      document.documentElement.setAttribute(`data-print-${name}`, value);
  };
  for (const select of form.querySelectorAll("select")) {
    const values = [...select.options].map((option) => option.value);
    if (values.includes(asked.get(select.name))) select.value = asked.get(select.name);
  }
  choose();
  form.addEventListener("change", choose);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.print();
  });
  form.hidden = false;
});

let backOnScreen = [];
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("article details:not([open]):not(.more .more):not(.program)")) {
    fold.open = true;
    backOnScreen.push(() => { fold.open = false; });
  }
  const solutions = [...document.querySelectorAll("article details.solution")];
  if (!solutions.length || document.documentElement.dataset.printSolutions === "none") return;
  const end = document.createElement("section");
  end.className = "printed-solutions";
  end.append(Object.assign(document.createElement("h2"), { textContent: "Solutions" }));
  for (const solution of solutions) {
    const place = document.createComment("");
    solution.replaceWith(place);
    end.append(solution);
    backOnScreen.push(() => place.replaceWith(solution));
  }
  document.querySelector("article").append(end);
  backOnScreen.push(() => end.remove());
});
window.addEventListener("afterprint", () => {
  for (const undo of backOnScreen) undo();
  backOnScreen = [];
});
