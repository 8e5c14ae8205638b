// The answers of the workbench: fetched, shown, kept for each sheet, and given up when somebody does not want to wait.

import { findAll } from "./dom.ts";
import type { Problem } from "./editor.ts";
import type { Asked } from "./history.ts";
import { written } from "./numbers.ts";
import { enhanceTables } from "./table.ts";

/** Who is told: `answered` of each answer, `shown` of what is wrong with the query whose answer comes into view. */
export interface Listener {
  answered: (asked: Asked) => void;
  shown: (problem: Problem | null) => void;
}

/** What a sheet has been answered: the address that was asked, and what is shown of it while it is in view or not. */
interface Kept {
  address: string;
  nodes: Node[];
  progress: string;
}

interface Waiting {
  controller: AbortController;
  since: number;
}

export class Answers {
  private readonly place: HTMLElement;
  private readonly progress: HTMLElement;
  private readonly cancelling: HTMLButtonElement;
  private readonly say: (phrase: string) => string;
  private readonly listener: Listener;
  private readonly kept = new Map<number, Kept>();
  private readonly waiting = new Map<number, Waiting>();
  private sheet: number | null = null;

  constructor(
    place: HTMLElement,
    progress: HTMLElement,
    cancelling: HTMLButtonElement,
    say: (phrase: string) => string,
    listener: Listener,
  ) {
    this.place = place;
    this.progress = progress;
    this.cancelling = cancelling;
    this.say = say;
    this.listener = listener;
    cancelling.addEventListener("click", () => this.cancel());
  }

  /** Shows the answer of a sheet and gives the address that was asked; null where nothing was. */
  show(sheet: number): string | null {
    if (this.sheet === null) this.takeOver(sheet);
    else if (this.sheet !== sheet) {
      const left = this.kept.get(this.sheet);
      if (left) left.nodes = [...this.place.childNodes];
      this.place.replaceChildren(...(this.kept.get(sheet)?.nodes ?? []));
      enhanceTables(this.place);
    }
    this.sheet = sheet;
    const now = this.kept.get(sheet);
    this.tell(now?.progress ?? "");
    this.showState();
    return now?.address ?? null;
  }

  /** Forgets a sheet; its query is given up. */
  forget(sheet: number): void {
    this.waiting.get(sheet)?.controller.abort();
    this.waiting.delete(sheet);
    this.kept.delete(sheet);
    if (this.sheet === sheet) this.place.replaceChildren();
  }

  /** Asks for the sheet at this address. A query of the same sheet that is still under way is given up. */
  async ask(sheet: number, text: string, address: URL): Promise<void> {
    this.waiting.get(sheet)?.controller.abort();
    const waiting = { controller: new AbortController(), since: performance.now() };
    this.waiting.set(sheet, waiting);
    this.kept.set(sheet, { address: address.href, nodes: [], progress: this.say("Running …") });
    this.tell(this.say("Running …"));
    this.showState();
    const answer = await this.fetch(address, waiting.controller.signal);
    if (this.waiting.get(sheet) !== waiting) return;
    this.waiting.delete(sheet);
    const [shown] = findAll(".answer", HTMLElement, answer);
    if (shown) this.listener.answered(askedOf(text, shown));
    this.receive(sheet, answer);
  }

  private async fetch(address: URL, signal: AbortSignal): Promise<HTMLElement> {
    const part = new URL(address);
    part.searchParams.set("part", "results");
    const answer = document.createElement("div");
    try {
      const response = await fetch(part, { signal, headers: { Accept: "text/html" } });
      const body = await response.text();
      if (response.ok) answer.innerHTML = body;
      else answer.append(this.notice("The server could not answer."));
    } catch {
      answer.append(this.notice("The server cannot be reached."));
    }
    return answer;
  }

  private receive(sheet: number, answer: HTMLElement): void {
    const summary = answer.querySelector(".answer-summary, .problem-title")?.textContent?.trim() ?? "";
    const kept = { address: this.kept.get(sheet)?.address ?? "", nodes: [...answer.childNodes], progress: summary };
    this.kept.set(sheet, kept);
    if (this.sheet !== sheet) return;
    this.place.replaceChildren(...kept.nodes);
    enhanceTables(this.place);
    this.tell(summary);
    this.showState();
    this.bringIntoView();
  }

  /** Scrolls down until all of the answer is seen, or half of the window has it: the other half is the query's. */
  private bringIntoView(): void {
    const { top, bottom } = this.place.getBoundingClientRect();
    const hidden = Math.min(bottom - innerHeight, top - innerHeight / 2);
    if (hidden > 0) scrollBy({ top: hidden });
  }

  private cancel(): void {
    const waiting = this.sheet === null ? undefined : this.waiting.get(this.sheet);
    if (this.sheet === null || !waiting) return;
    waiting.controller.abort();
    this.waiting.delete(this.sheet);
    const seconds = written((performance.now() - waiting.since) / 1000, 1);
    const answer = document.createElement("div");
    const notice = document.createElement("p");
    notice.className = "nothing answer-summary";
    notice.textContent = this.say("Cancelled after %(seconds)s s. The server stops working on it.").replace(
      "%(seconds)s",
      seconds,
    );
    answer.append(notice);
    this.receive(this.sheet, answer);
    findAll("[type=submit]", HTMLButtonElement, this.cancelling.form ?? document)[0]?.focus({ preventScroll: true });
  }

  /** What the server has written into the page belongs to the sheet that is shown first. */
  private takeOver(sheet: number): void {
    if (this.place.children.length) this.kept.set(sheet, { address: location.href, nodes: [], progress: "" });
  }

  private showState(): void {
    const isWaiting = this.sheet !== null && this.waiting.has(this.sheet);
    this.cancelling.hidden = !isWaiting;
    if (isWaiting) this.place.setAttribute("aria-busy", "true");
    else this.place.removeAttribute("aria-busy");
    this.listener.shown(isWaiting ? null : problemIn(this.place));
  }

  private tell(text: string): void {
    this.progress.textContent = text;
  }

  private notice(phrase: string): HTMLElement {
    const notice = document.createElement("p");
    notice.className = "problem problem-title";
    notice.textContent = this.say(phrase);
    return notice;
  }
}

function askedOf(text: string, { dataset }: HTMLElement): Asked {
  const rows = dataset.rows ? Number(dataset.rows) : null;
  return { text, at: Date.now(), milliseconds: Number(dataset.milliseconds), rows };
}

function problemIn(place: HTMLElement): Problem | null {
  const [problem] = findAll(".problem", HTMLElement, place);
  if (!problem) return null;
  const { line, column } = problem.dataset;
  return { message: problem.textContent?.trim() ?? "", line: Number(line), column: Number(column) };
}
