// The dialog with the queries that were asked from this browser.

import { find } from "./dom.ts";
import { type Asked, forgetAll, remembered } from "./history.ts";
import { written } from "./numbers.ts";
import type { Shelf } from "./shelf.ts";

export class HistoryDialog {
  private readonly shelf: Shelf;
  private readonly open: (text: string) => void;
  private readonly dialog = find("#history", HTMLDialogElement);
  private readonly list = find("#asked", HTMLOListElement);
  private readonly nothing = find("#nothing-asked", HTMLElement);
  private readonly clearing = find("#clear-history", HTMLButtonElement);

  constructor(shelf: Shelf, open: (text: string) => void) {
    this.shelf = shelf;
    this.open = open;
    this.clearing.addEventListener("click", () => {
      forgetAll(shelf);
      this.list.replaceChildren();
      this.fill();
    });
  }

  /** Shows what was asked. */
  show(): void {
    this.fill();
    this.dialog.showModal();
  }

  private fill(): void {
    const asked = remembered(this.shelf);
    this.list.replaceChildren(...asked.map((one) => this.entry(one)));
    this.nothing.hidden = asked.length > 0;
    this.clearing.disabled = asked.length === 0;
  }

  private entry(asked: Asked): HTMLLIElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const words = document.createElement("code");
    const about = document.createElement("span");
    button.type = "button";
    words.textContent = gist(asked.text);
    about.className = "fine";
    about.textContent = this.about(asked);
    button.append(words, about);
    button.addEventListener("click", () => {
      this.dialog.close();
      this.open(asked.text);
    });
    item.append(button);
    return item;
  }

  /** When it was asked, what came of it and how long that took, in the page's language. */
  private about({ at, rows, milliseconds }: Asked): string {
    const language = document.documentElement.lang;
    const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(at);
    const { rowsOne, rowsMany } = this.list.dataset;
    const count = rows === null ? [] : [((rows === 1 ? rowsOne : rowsMany) ?? "").replace("%(num)s", written(rows))];
    return [when, ...count, `${written(milliseconds, 1)} ms`].join(" · ");
  }
}

/** The query in a line, without what it begins with everywhere. */
function gist(text: string): string {
  return text
    .replace(/^\s*#.*$/gm, "")
    .replace(/\b(?:PREFIX\s+\S+|BASE)\s+<[^>]*>/gi, "")
    .replace(/\s+/g, " ")
    .trim();
}
