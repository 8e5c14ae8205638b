// The queries that lie open beside each other, each in a tab with a name, one of them in front.

import { type Shelf, put, take } from "./shelf.ts";

/** A query that lies open; `isOwn` if somebody has written in it. One that nobody has named goes by its number. */
export interface Sheet {
  id: number;
  name: string | null;
  text: string;
  isOwn: boolean;
}

/** What lies open: never nothing; `front` is the id of one of the sheets. */
export interface Notebook {
  sheets: readonly Sheet[];
  front: number;
}

const NAME = "tabs";

/** A notebook with this query alone. */
export function newNotebook(text: string): Notebook {
  return { sheets: [{ id: 1, name: null, text, isOwn: false }], front: 1 };
}

/** The notebook that was kept last; null where none was. */
export function keptNotebook(shelf: Shelf): Notebook | null {
  return take(shelf, NAME, isNotebook);
}

/** Keeps the notebook for the next visit. */
export function keepNotebook(shelf: Shelf, notebook: Notebook): void {
  put(shelf, NAME, notebook);
}

/** The sheet in front. */
export function frontOf(notebook: Notebook): Sheet {
  const front = notebook.sheets.find((sheet) => sheet.id === notebook.front);
  if (!front) throw new Error("no sheet is in front");
  return front;
}

/** The notebook with this sheet in front. */
export function turnedTo(notebook: Notebook, id: number): Notebook {
  return notebook.sheets.some((sheet) => sheet.id === id) ? { ...notebook, front: id } : notebook;
}

/** The notebook with what somebody has written on the sheet in front. */
export function written(notebook: Notebook, text: string): Notebook {
  return changed(notebook, notebook.front, { text, isOwn: true });
}

/** The notebook with another query on the sheet in front, as nobody has changed it yet. */
export function filled(notebook: Notebook, text: string): Notebook {
  return changed(notebook, notebook.front, { text, isOwn: false });
}

/** The notebook with another name on a sheet; an empty one takes the name away. */
export function named(notebook: Notebook, id: number, name: string): Notebook {
  return changed(notebook, id, { name: name.trim() || null });
}

/** The notebook with a further sheet behind the others, which is in front. */
export function opened(notebook: Notebook, text: string): Notebook {
  const taken = new Set(notebook.sheets.map((sheet) => sheet.id));
  let id = 1;
  while (taken.has(id)) id++;
  return { sheets: [...notebook.sheets, { id, name: null, text, isOwn: false }], front: id };
}

/** The notebook with this text in front: on a sheet that has it already, or on a further one. */
export function openedOnce(notebook: Notebook, text: string): Notebook {
  const same = notebook.sheets.find((sheet) => sheet.text.trim() === text.trim());
  return same ? turnedTo(notebook, same.id) : opened(notebook, text);
}

/** The notebook without a sheet. The one before it comes to the front if it was there; the last one stays. */
export function closed(notebook: Notebook, id: number): Notebook {
  const place = notebook.sheets.findIndex((sheet) => sheet.id === id);
  if (place < 0 || notebook.sheets.length === 1) return notebook;
  const sheets = notebook.sheets.filter((sheet) => sheet.id !== id);
  const next = sheets[Math.max(place - 1, 0)];
  return { sheets, front: notebook.front === id && next ? next.id : notebook.front };
}

function changed(notebook: Notebook, id: number, change: Partial<Sheet>): Notebook {
  return { ...notebook, sheets: notebook.sheets.map((sheet) => (sheet.id === id ? { ...sheet, ...change } : sheet)) };
}

function isNotebook(value: unknown): value is Notebook {
  if (typeof value !== "object" || value === null) return false;
  const { sheets, front } = value as Record<keyof Notebook, unknown>;
  return Array.isArray(sheets) && sheets.every(isSheet) && sheets.some((sheet) => sheet.id === front);
}

function isSheet(value: unknown): value is Sheet {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, text, isOwn } = value as Record<keyof Sheet, unknown>;
  return (
    Number.isInteger(id) &&
    (name === null || typeof name === "string") &&
    typeof text === "string" &&
    typeof isOwn === "boolean"
  );
}
