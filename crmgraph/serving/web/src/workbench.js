// The workbench: an editor over the form's text area, and answers fetched into the page. The form works without it.

import { markError, openEditor, setText } from "./lib/editor.js";

const form = document.getElementById("workbench");
const area = form.elements.namedItem("query");
const format = form.elements.namedItem("format");
const results = document.getElementById("results");
const phrases = JSON.parse(form.dataset.phrases);
const narrow = matchMedia("(max-width: 58rem)");
let asking = null;

const fromHash = new URLSearchParams(location.hash.slice(1)).get("query");
if (fromHash) area.value = fromHash;

const editor = openEditor(area, {
  nonce: form.dataset.nonce,
  phrases,
  prefixes: JSON.parse(form.dataset.prefixes),
  terms: JSON.parse(form.dataset.terms),
  label: phrases["SPARQL query"],
  run: () => form.requestSubmit(),
  changed: () => markChosen(null),
});
document.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
document.querySelector("[data-hint]").hidden = false;
showProblem();
if (fromHash) ask();

for (const link of document.querySelectorAll("[data-query]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    setText(editor, link.dataset.query);
    markChosen(link);
    if (narrow.matches) link.closest("details").open = false;
    ask();
  });
}

form.addEventListener("submit", (event) => {
  if (format.value) return;
  event.preventDefault();
  ask();
});

function markChosen(chosen) {
  for (const link of document.querySelectorAll("[data-query][aria-current]")) link.removeAttribute("aria-current");
  if (chosen) chosen.setAttribute("aria-current", "true");
}

/** Asks what the editor holds and shows the answer; a question that is still under way is let go. */
async function ask() {
  asking?.abort();
  const own = (asking = new AbortController());
  const address = new URL(form.action);
  const asked = new FormData(form);
  asked.delete("format");
  address.search = new URLSearchParams(asked);
  history.replaceState(null, "", address);
  address.searchParams.set("part", "results");
  results.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal: own.signal, headers: { Accept: "text/html" } });
    const answer = await response.text();
    if (response.ok) results.innerHTML = answer;
    else showNotice("The server could not answer.");
  } catch (error) {
    if (own.signal.aborted) return;
    showNotice("The server cannot be reached.");
  }
  results.removeAttribute("aria-busy");
  showProblem();
}

function showNotice(phrase) {
  const notice = document.createElement("p");
  notice.className = "problem problem-title";
  notice.textContent = phrases[phrase];
  results.replaceChildren(notice);
}

function showProblem() {
  const problem = results.querySelector(".problem");
  markError(editor, problem?.textContent.trim() ?? "", Number(problem?.dataset.line), Number(problem?.dataset.column));
}
