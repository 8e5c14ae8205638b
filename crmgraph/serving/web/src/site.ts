// What every page does beyond plain HTML: it opens the tree, as a whole and at the part that the address names, copies, and
// sorts its tables.

import { watchCopying } from "./lib/copying.ts";
import { findAll } from "./lib/dom.ts";
import { enhanceTables } from "./lib/table.ts";

for (const tools of findAll("[data-tree-tools]", HTMLElement)) {
  tools.hidden = false;
  for (const button of findAll("button", HTMLButtonElement, tools)) {
    button.addEventListener("click", () => {
      for (const details of findAll(".objective > details", HTMLDetailsElement)) {
        details.open = button.dataset["open"] === "all";
      }
    });
  }
}

function openTarget(): void {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const details = target?.querySelector(":scope > details");
  if (details instanceof HTMLDetailsElement) details.open = true;
}

watchCopying();
enhanceTables(document);
openTarget();
addEventListener("hashchange", openTarget);

for (const details of findAll("[data-fold-narrow]", HTMLDetailsElement)) {
  details.open = matchMedia("(min-width: 58rem)").matches;
}
