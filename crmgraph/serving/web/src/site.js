// What every page does beyond plain HTML: opening the tree as a whole, and at the part that the address names.

import "./search.ts";

const tools = document.querySelector("[data-tree-tools]");
if (tools) {
  tools.hidden = false;
  for (const button of tools.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      for (const details of document.querySelectorAll(".objective > details")) {
        details.open = button.dataset.open === "all";
      }
    });
  }
}

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && target.querySelector(":scope > details");
  if (details) details.open = true;
}

openTarget();
addEventListener("hashchange", openTarget);

for (const details of document.querySelectorAll("[data-fold-narrow]")) {
  details.open = matchMedia("(min-width: 58rem)").matches;
}
