// What every page does beyond plain HTML: it opens the tree, as a whole and at the part that the address names, copies,
// sorts its tables, says which pictures are scrolled, selects what stands in a field with suggestions, proposes results while
// one types, and keeps the place on the page where one comes back to it or goes over to another language.

import { watchCopying } from "./lib/copying.ts";
import { findAll } from "./lib/dom.ts";
import { keepHeights } from "./lib/heights.ts";
import { suggestResults } from "./lib/suggestions.ts";
import { enhanceTables } from "./lib/table.ts";
import { watchHints } from "./lib/width.ts";

for (const tools of findAll("[data-tree-tools]", HTMLElement)) {
  tools.hidden = false;
  for (const button of findAll("button", HTMLButtonElement, tools)) {
    button.addEventListener("click", () => {
      for (const details of findAll(".objective > details", HTMLDetailsElement)) {
        details.open = button.dataset.open === "all";
      }
    });
  }
}

function openTarget(): void {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const details = target?.querySelector(":scope > details");
  if (details instanceof HTMLDetailsElement) details.open = true;
  // Not every browser opens by itself what a target is folded in.
  const closed = target?.closest("details:not([open])");
  for (let around = closed; around; around = around.parentElement?.closest("details:not([open])")) {
    around.toggleAttribute("open", true);
  }
  if (closed) target?.scrollIntoView();
}

function keepPlace(): void {
  for (const link of findAll(".language-nav a", HTMLAnchorElement)) link.hash = location.hash;
}

function arrive(): void {
  openTarget();
  keepPlace();
}

// What is typed into a field with suggestions takes the place of what stands in it, also where it was clicked into.
for (const field of findAll(".phrase input[list], .more-fields input[list]", HTMLInputElement)) {
  field.addEventListener("focus", () => {
    field.select();
    field.addEventListener("click", () => field.select(), { once: true });
  });
}

keepHeights();
watchCopying();
suggestResults();
enhanceTables(document);
watchHints(document);
arrive();
addEventListener("hashchange", arrive);

for (const details of findAll("[data-fold-narrow]", HTMLDetailsElement)) {
  details.open = matchMedia("(min-width: 58.01rem)").matches;
  details.dataset.folded = "";
}
