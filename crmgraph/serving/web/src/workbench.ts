// The workbench: an editor over the form's text area, and answers fetched into the page. The form works without it.

import { dataOf, find, findAll } from "./lib/dom.ts";
import { markError, openEditor, setText, type Term } from "./lib/editor.ts";

const form = find("#workbench", HTMLFormElement);
const area = find("#query", HTMLTextAreaElement);
const format = find("#format", HTMLSelectElement);
const results = find("#results", HTMLElement);
const phrases = dataOf<Record<string, string>>(form, "phrases");
const narrow = matchMedia("(max-width: 58rem)");
let asking: AbortController | null = null;

const fromHash = new URLSearchParams(location.hash.slice(1)).get("query");
if (fromHash) area.value = fromHash;

const editor = openEditor(area, {
  nonce: form.dataset["nonce"] ?? "",
  phrases,
  prefixes: dataOf<Record<string, string>>(form, "prefixes"),
  terms: dataOf<Term[]>(form, "terms"),
  label: phrases["SPARQL query"] ?? "",
  run: () => form.requestSubmit(),
  changed: () => markChosen(null),
});
find("label[for=query]", HTMLLabelElement).addEventListener("click", () => editor.focus());
find("[data-hint]", HTMLElement).hidden = false;
showProblem();
if (fromHash) ask();

for (const link of findAll("[data-query]", HTMLAnchorElement)) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    setText(editor, link.dataset["query"] ?? "");
    markChosen(link);
    const picker = link.closest("details");
    if (narrow.matches && picker) picker.open = false;
    ask();
  });
}

form.addEventListener("submit", (event) => {
  if (format.value) return;
  event.preventDefault();
  ask();
});

function markChosen(chosen: HTMLElement | null): void {
  for (const link of document.querySelectorAll("[data-query][aria-current]")) link.removeAttribute("aria-current");
  if (chosen) chosen.setAttribute("aria-current", "true");
}

/** Asks what the editor holds and shows the answer; a question that is still under way is let go. */
async function ask(): Promise<void> {
  asking?.abort();
  const own = (asking = new AbortController());
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (name !== "format" && typeof value === "string") address.searchParams.append(name, value);
  }
  history.replaceState(null, "", address);
  address.searchParams.set("part", "results");
  results.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal: own.signal, headers: { Accept: "text/html" } });
    const answer = await response.text();
    if (response.ok) results.innerHTML = answer;
    else showNotice("The server could not answer.");
  } catch {
    if (own.signal.aborted) return;
    showNotice("The server cannot be reached.");
  }
  results.removeAttribute("aria-busy");
  showProblem();
}

function showNotice(phrase: string): void {
  const notice = document.createElement("p");
  notice.className = "problem problem-title";
  notice.textContent = phrases[phrase] ?? phrase;
  results.replaceChildren(notice);
}

function showProblem(): void {
  const [problem] = findAll(".problem", HTMLElement, results);
  const { line, column } = problem?.dataset ?? {};
  markError(editor, problem?.textContent?.trim() ?? "", Number(line), Number(column));
}
