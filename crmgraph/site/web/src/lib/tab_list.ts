// The tabs of the open queries, as the ARIA Authoring Practices describe tabs: one stop for Tab, arrows among them, Delete
// closes one and F2 gives it a name.

import type { Notebook, Sheet } from "./notebook.ts";

/** Who is told what somebody wants to do with a tab. */
export interface Wishes {
  chosen: (id: number) => void;
  closed: (id: number) => void;
  renamed: (id: number) => void;
}

export class TabList {
  private readonly list: HTMLElement;
  private readonly panel: HTMLElement;
  private readonly wishes: Wishes;
  private ids: readonly number[] = [];

  constructor(list: HTMLElement, panel: HTMLElement, wishes: Wishes) {
    this.list = list;
    this.panel = panel;
    this.wishes = wishes;
    panel.setAttribute("role", "tabpanel");
    list.addEventListener("keydown", (event) => this.press(event));
  }

  /** Shows the tabs of a notebook. */
  show({ sheets, front }: Notebook, nameOf: (sheet: Sheet) => string): void {
    const hadFocus = this.list.contains(document.activeElement);
    this.ids = sheets.map(({ id }) => id);
    this.list.replaceChildren(...sheets.map((sheet) => this.tab(sheet, nameOf(sheet), sheet.id === front)));
    this.panel.setAttribute("aria-labelledby", `tab-${front}`);
    this.front?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (hadFocus) this.focus();
  }

  /** Gives the tab in front the focus. */
  focus(): void {
    this.front?.focus({ preventScroll: true });
  }

  private get front(): HTMLElement | null {
    return this.list.querySelector("[aria-selected=true]");
  }

  private tab({ id }: Sheet, name: string, isFront: boolean): HTMLButtonElement {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `tab-${id}`;
    tab.className = "tab";
    tab.textContent = name;
    tab.title = name;
    tab.tabIndex = isFront ? 0 : -1;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(isFront));
    tab.setAttribute("aria-controls", this.panel.id);
    tab.addEventListener("click", () => this.wishes.chosen(id));
    tab.addEventListener("dblclick", () => this.wishes.renamed(id));
    return tab;
  }

  private press(event: KeyboardEvent): void {
    const place = this.ids.findIndex((id) => `tab-${id}` === document.activeElement?.id);
    const id = this.ids[place];
    if (id === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const count = this.ids.length;
    const places: Record<string, number> = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: count - 1 };
    const wanted = places[event.key];
    if (wanted !== undefined) this.wishes.chosen(this.ids[(wanted + count) % count] ?? id);
    else if (event.key === "Delete") this.wishes.closed(id);
    else if (event.key === "F2") this.wishes.renamed(id);
    else return;
    event.preventDefault();
  }
}
