// What a table of results does beyond plain HTML: it sorts by a column and shows many rows by pages, where the page itself
// does not, and shows the words of a row where they stand in the document.

import { dataOf, find, findAll } from "./dom.ts";
import { written } from "./numbers.ts";
import { type Direction, type Value, sorted } from "./sorting.ts";

const ROWS_OF_A_PAGE = 100;

/** As in results.css: in such windows the headings are there for screen readers only. */
const NARROW = matchMedia("(max-width: 40rem)");

type Phrases = Readonly<Record<"sort" | "unsorted" | "up" | "down" | "pages" | "previous" | "next" | "shown" | "waiting" | "failed", string>>;

/** The order of a table: the place of a column and which way; null as the answer came. */
type Order = { column: number; direction: Direction } | null;

/** Makes the tables of results below `root` do all of this, those that do not yet. */
export function enhanceTables(root: ParentNode): void {
  for (const answer of findAll(".answer:not([data-enhanced])", HTMLElement, root)) {
    answer.dataset.enhanced = "";
    if (answer.querySelector(".table-tools")) new ResultTable(answer);
  }
}

class ResultTable {
  private readonly phrases: Phrases;
  private readonly frame: HTMLElement;
  private readonly body: HTMLTableSectionElement;
  private readonly headings: readonly HTMLTableCellElement[];
  private readonly asAnswered: readonly HTMLTableRowElement[];
  private rows: readonly HTMLTableRowElement[];
  private readonly menu = document.createElement("select");
  private readonly shown = document.createElement("p");
  private readonly turning: readonly HTMLButtonElement[];
  private order: Order = null;
  private page = 0;

  constructor(answer: HTMLElement) {
    const tools = find(".table-tools", HTMLElement, answer);
    this.phrases = dataOf<Phrases>(tools, "phrases");
    this.frame = find(".scroll", HTMLElement, answer);
    this.body = find("tbody", HTMLTableSectionElement, answer);
    this.headings = findAll("thead th", HTMLTableCellElement, answer);
    this.asAnswered = [...this.body.rows];
    this.rows = this.asAnswered;
    this.turning = [this.turner(-1, this.phrases.previous), this.turner(1, this.phrases.next)];
    if (this.rows.length > 1 && !tools.hidden) {
      this.addButtons();
      this.addMenu(tools);
    }
    if (this.rows.length > ROWS_OF_A_PAGE && !tools.hidden) this.addPages();
    this.showWidth(find(".scroll-hint", HTMLElement, answer));
    for (const link of findAll("[data-around]", HTMLAnchorElement, this.body)) this.addWords(link);
  }

  /** Says so where the table is wider than its frame, and on which side it goes on. */
  private showWidth(hint: HTMLElement): void {
    const measure = (): void => {
      const { scrollWidth, clientWidth, scrollLeft } = this.frame;
      hint.hidden = scrollWidth <= clientWidth + 1;
      this.frame.classList.toggle("goes-on", scrollLeft + clientWidth < scrollWidth - 1);
    };
    new ResizeObserver(measure).observe(this.frame);
    this.frame.addEventListener("scroll", measure, { passive: true });
  }

  /** A button in each heading; the next click turns the order round, the one after that goes back. */
  private addButtons(): void {
    this.headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      button.disabled = NARROW.matches;
      NARROW.addEventListener("change", () => (button.disabled = NARROW.matches));
      heading.append(button);
      button.addEventListener("click", () => {
        const direction = this.order?.column === column ? this.order.direction : null;
        this.sort(direction === "down" ? null : { column, direction: direction === "up" ? "down" : "up" });
      });
    });
  }

  /** The same as a menu, for windows in which the headings are not seen. */
  private addMenu(tools: HTMLElement): void {
    const label = document.createElement("label");
    const orders: Order[] = [null];
    this.menu.add(new Option(this.phrases.unsorted));
    this.headings.forEach((heading, column) => {
      for (const direction of ["up", "down"] as const) {
        const name = (heading.innerText || heading.textContent || "").trim().replace(/\s+/g, " ");
        this.menu.add(new Option(this.phrases[direction].replace("%(column)s", name)));
        orders.push({ column, direction });
      }
    });
    this.menu.addEventListener("change", () => this.sort(orders[this.menu.selectedIndex] ?? null));
    label.append(this.phrases.sort, " ", this.menu);
    tools.append(label);
  }

  private sort(order: Order): void {
    this.order = order;
    this.headings.forEach((heading, column) => {
      if (order?.column !== column) heading.removeAttribute("aria-sort");
      else heading.setAttribute("aria-sort", order.direction === "up" ? "ascending" : "descending");
    });
    this.menu.selectedIndex = order ? 1 + 2 * order.column + Number(order.direction === "down") : 0;
    this.rows = order ? this.inOrder(order) : this.asAnswered;
    this.page = 0;
    for (const button of findAll("[aria-expanded=true]", HTMLButtonElement, this.body)) button.click();
    this.body.replaceChildren(...this.rows);
    this.showPage();
  }

  private inOrder({ column, direction }: NonNullable<Order>): HTMLTableRowElement[] {
    const values = this.asAnswered.map((row) => valueOf(row.cells[column]));
    return sorted(values, direction, document.documentElement.lang).flatMap((place) => this.asAnswered[place] ?? []);
  }

  private addPages(): void {
    const pages = document.createElement("nav");
    pages.className = "pages";
    pages.setAttribute("aria-label", this.phrases.pages);
    this.shown.setAttribute("role", "status");
    pages.append(this.shown, ...this.turning);
    this.frame.after(pages);
    this.showPage();
  }

  private turner(step: number, text: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.textContent = text;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      this.page += step;
      this.showPage();
      this.frame.scrollIntoView({ block: "start" });
    });
    return button;
  }

  private showPage(): void {
    const first = this.page * ROWS_OF_A_PAGE;
    const last = Math.min(first + ROWS_OF_A_PAGE, this.rows.length);
    this.rows.forEach((row, place) => row.classList.toggle("elsewhere", place < first || place >= last));
    const [previous, next] = this.turning;
    previous?.setAttribute("aria-disabled", String(first === 0));
    next?.setAttribute("aria-disabled", String(last === this.rows.length));
    this.shown.textContent = this.phrases.shown
      .replace("%(first)s", written(first + 1))
      .replace("%(last)s", written(last))
      .replace("%(total)s", written(this.rows.length));
  }

  /** A button in place of the link to the words: it opens a row with them below its own. */
  private addWords(link: HTMLAnchorElement): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "around";
    button.textContent = link.textContent;
    button.setAttribute("aria-expanded", "false");
    let opened: HTMLTableRowElement | null = null;
    button.addEventListener("click", () => {
      if (opened) {
        opened.remove();
        opened = null;
      } else {
        opened = this.wordsRow(link.href);
        button.closest("tr")?.after(opened);
      }
      button.setAttribute("aria-expanded", String(opened !== null));
    });
    link.replaceWith(button);
  }

  private wordsRow(address: string): HTMLTableRowElement {
    const row = document.createElement("tr");
    row.className = "words-row";
    const cell = row.insertCell();
    cell.colSpan = this.headings.length;
    const words = document.createElement("div");
    words.setAttribute("role", "status");
    words.textContent = this.phrases.waiting;
    cell.append(words);
    void fetchRows(address).then((rows) => {
      if (rows === null) words.textContent = this.phrases.failed;
      else words.innerHTML = rows;
      (words.querySelector("mark") ?? row).scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    return row;
  }
}

/** The rows of the document at this address, as the server wrote them; null where it cannot be reached. */
async function fetchRows(address: string): Promise<string | null> {
  try {
    const response = await fetch(`${address}&part=rows`, { headers: { Accept: "text/html" } });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

function valueOf(cell: HTMLTableCellElement | undefined): Value {
  const text = (cell?.querySelector(".words, .literal, a, code") ?? cell)?.textContent?.trim() ?? "";
  if (!text) return null;
  const number = cell?.classList.contains("numeric") ? Number(text) : Number.NaN;
  return Number.isNaN(number) ? text : number;
}
