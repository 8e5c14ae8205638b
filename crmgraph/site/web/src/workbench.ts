// The workbench: an editor over the form's text area, queries in tabs, and answers fetched into the page. The form works
// without it.

import { Answers } from "./lib/answers.ts";
import { copyText } from "./lib/copying.ts";
import { dataOf, find, findAll } from "./lib/dom.ts";
import { openEditor } from "./lib/editor.ts";
import { type Asked, remember } from "./lib/history.ts";
import { HistoryDialog } from "./lib/history_dialog.ts";
import {
  type Notebook,
  closed,
  filled,
  frontOf,
  keepNotebook,
  keptNotebook,
  named,
  newNotebook,
  opened,
  openedOnce,
  turnedTo,
  written,
} from "./lib/notebook.ts";
import { askName } from "./lib/rename_dialog.ts";
import { browserShelf } from "./lib/shelf.ts";
import { TabList } from "./lib/tab_list.ts";
import { vocabularyAt } from "./lib/vocabulary.ts";

const form = find("#workbench", HTMLFormElement);
const area = find("#query", HTMLTextAreaElement);
const format = find("#format", HTMLSelectElement);
const phrases = dataOf<Record<string, string>>(form, "phrases");
const narrow = matchMedia("(max-width: 58rem)");
const shelf = browserShelf();
const say = (phrase: string) => phrases[phrase] ?? phrase;

const fromHash = new URLSearchParams(location.hash.slice(1)).get("query");
const isGiven = form.dataset.given === "yes" || fromHash !== null;
let notebook = firstNotebook(fromHash ?? area.value);
let settled = location.search;

const editor = openEditor(area, {
  nonce: form.dataset.nonce ?? "",
  phrases,
  label: say("SPARQL query"),
  description: "editor-help",
  vocabulary: vocabularyAt(form.dataset.completions ?? "", dataOf(form, "prefixes")),
  run: () => form.requestSubmit(),
  changed: (text) => {
    markChosen(null);
    keep(written(notebook, text));
  },
});
const answers = new Answers(find("#answer", HTMLElement), find("#progress", HTMLElement), find("#cancel", HTMLButtonElement), say, {
  answered: (asked: Asked) => remember(shelf, asked),
  shown: (problem) => editor.mark(problem),
});
const tabs = new TabList(find("#tabs", HTMLElement), find("#sheet", HTMLElement), {
  chosen: (id) => turn(turnedTo(notebook, id)),
  closed: close,
  renamed: (id) => void rename(id),
});
const historyDialog = new HistoryDialog(shelf, (text) => open(text, null));

turn(notebook);
if (fromHash) ask(false);

find("label[for=query]", HTMLLabelElement).addEventListener("click", () => editor.focus());
find("#new-tab", HTMLButtonElement).addEventListener("click", () => {
  turn(opened(notebook, ""));
  editor.focus();
});
find("#rename-tab", HTMLButtonElement).addEventListener("click", () => void rename(notebook.front));
find("#close-tab", HTMLButtonElement).addEventListener("click", () => close(notebook.front));
find("#open-history", HTMLButtonElement).addEventListener("click", () => historyDialog.show());
find("#copy-link", HTMLButtonElement).addEventListener("click", ({ currentTarget }) => {
  if (currentTarget instanceof HTMLButtonElement) void copyText(address(area.value).href, currentTarget, say("Copied"));
});

for (const link of findAll("[data-query]", HTMLAnchorElement)) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.dataset.query ?? "", link);
    const picker = link.closest("details");
    if (narrow.matches && picker) picker.open = false;
    ask();
  });
}

// Going back to another query is going to its page, which has its answer.
addEventListener("popstate", () => {
  if (location.search !== settled) location.reload();
});

form.addEventListener("submit", (event) => {
  if (format.value) return;
  event.preventDefault();
  ask();
});

/** What lies open at first: what was kept, with what the address brings in front. */
function firstNotebook(text: string): Notebook {
  const kept = keptNotebook(shelf);
  if (!kept) return newNotebook(text);
  return isGiven ? openedOnce(kept, text) : kept;
}

function keep(changed: Notebook): void {
  notebook = changed;
  keepNotebook(shelf, notebook);
}

/** Shows this notebook: its tabs, the sheet in front and the answer to it. */
function turn(changed: Notebook): void {
  keep(changed);
  const { id, text } = frontOf(notebook);
  tabs.show(notebook, (sheet) => sheet.name ?? say("Query %(number)s").replace("%(number)s", String(sheet.id)));
  editor.show(id, text);
  settle(answers.show(id) ?? address("").href);
}

/** Opens another query: in the place of the one in front, unless somebody has written that. */
function open(text: string, chosen: HTMLElement | null): void {
  if (frontOf(notebook).isOwn && frontOf(notebook).text.trim()) turn(openedOnce(notebook, text));
  else {
    keep(filled(notebook, text));
    editor.replace(text);
  }
  markChosen(chosen);
}

function close(id: number): void {
  answers.forget(id);
  editor.forget(id);
  turn(notebook.sheets.length === 1 ? newNotebook("") : closed(notebook, id));
}

async function rename(id: number): Promise<void> {
  const name = await askName(notebook.sheets.find((sheet) => sheet.id === id)?.name ?? "");
  if (name !== null) turn(named(notebook, id, name));
  tabs.focus();
}

function markChosen(chosen: HTMLElement | null): void {
  for (const link of document.querySelectorAll("[data-query][aria-current]")) link.removeAttribute("aria-current");
  chosen?.setAttribute("aria-current", "true");
}

/** The address of a query with the parameters of this page, by which it can be shared. */
function address(query: string): URL {
  const found = new URL(form.action);
  // A page that is opened anew shows the query before the answer to it.
  found.hash = "";
  if (query) found.searchParams.append("query", query);
  for (const field of findAll("input[type=hidden]", HTMLInputElement, form)) found.searchParams.append(field.name, field.value);
  return found;
}

/** Gives the page this address, which is kept when the language is changed; one that is new can be left by going back. */
function settle(href: string, isNew = false): void {
  if (isNew && href !== location.href) history.pushState(null, "", href);
  else history.replaceState(null, "", href);
  settled = location.search;
  for (const link of findAll(".language-nav a", HTMLAnchorElement)) link.search = location.search;
}

function ask(isNew = true): void {
  const asked = address(area.value);
  settle(asked.href, isNew);
  void answers.ask(notebook.front, area.value, asked);
}
