// What a search box proposes while somebody types: a combobox with a list, after the ARIA Authoring Practices.

import { findAll } from "./dom.ts";

interface Result {
  page: string;
  number: string | null;
  label: Record<string, string>;
  is: Record<string, string>;
}

const QUIET = 180;
const MOST = 7;
const SHORTEST = 2;
const language = document.documentElement.lang;

function spoken(texts: Record<string, string>): string {
  return texts[language] ?? Object.values(texts)[0] ?? "";
}

function made<K extends keyof HTMLElementTagNameMap>(name: K, className: string, text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function propose(form: HTMLFormElement, field: HTMLInputElement): void {
  const list = made("ul", "suggestions");
  list.id = `${field.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset["suggestions"] ?? "");
  form.append(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let pages: string[] = [];
  let at = -1;
  let timer = 0;
  let asking = new AbortController();

  function choose(place: number): void {
    at = place;
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(index === at));
    }
    const chosen = list.children[at];
    if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function show(results: Result[]): void {
    pages = results.map((result) => result.page);
    list.replaceChildren(
      ...results.map((result, index) => {
        const option = made("li", "suggestion");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.append(
          made("span", "suggestion-label", spoken(result.label)),
          made("span", "suggestion-kind", [spoken(result.is), result.number].filter(Boolean).join(" ")),
        );
        return option;
      }),
    );
    list.hidden = !results.length;
    // The list is wider than a small box, and must not reach over the edge of the window.
    const box = form.getBoundingClientRect();
    list.classList.toggle("from-right", box.left + box.right > innerWidth);
    field.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  }

  function close(): void {
    clearTimeout(timer);
    asking.abort();
    show([]);
  }

  async function ask(): Promise<void> {
    const typed = field.value.trim();
    asking.abort();
    asking = new AbortController();
    if (typed.length < SHORTEST) return show([]);
    try {
      const asked = new URLSearchParams({ q: typed, limit: String(MOST) });
      const answer = await fetch(`${form.action}.json?${asked}`, { signal: asking.signal });
      if (answer.ok) show(((await answer.json()) as { results: Result[] }).results);
    } catch {
      // Whoever types on, or is without a network, has the form itself.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), QUIET);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const page = pages[at];
    if (event.key === "ArrowDown") choose(at + 1 < pages.length ? at + 1 : 0);
    else if (event.key === "ArrowUp") choose(at > 0 ? at - 1 : pages.length - 1);
    else if (event.key === "Enter" && page) location.assign(page);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  // The field keeps the focus while an option is pressed.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest("li") : null;
    const page = option && pages[[...list.children].indexOf(option)];
    if (page) location.assign(page);
  });
}

/** Lets every search box of the page propose what there is. */
export function suggestResults(): void {
  for (const form of findAll("form.search", HTMLFormElement)) {
    const field = form.querySelector("input[name=q]");
    if (field instanceof HTMLInputElement) propose(form, field);
  }
}
