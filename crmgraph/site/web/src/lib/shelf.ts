// What a browser keeps for its visitor: values as JSON under names of our own. Nothing of it leaves the browser.

/** Where values are kept: the browser's own store, or memory where the browser lets nobody keep anything. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "crmgraph.";

/** The browser's own store; one that forgets with the page where that is forbidden. */
export function browserShelf(): Shelf {
  try {
    const store = window.localStorage;
    store.getItem(PREFIX);
    return store;
  } catch {
    return memoryShelf();
  }
}

/** A store in memory. */
export function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

/** What is kept under the name, if it is `right`; null where there is nothing, or what another version left. */
export function take<T>(shelf: Shelf, name: string, right: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = JSON.parse(shelf.getItem(PREFIX + name) ?? "null");
    return right(value) ? value : null;
  } catch {
    return null;
  }
}

/** Keeps the value under the name; without a word where there is no room. */
export function put(shelf: Shelf, name: string, value: unknown): void {
  try {
    shelf.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the page works on, and forgets.
  }
}

/** Forgets what is kept under the name. */
export function forget(shelf: Shelf, name: string): void {
  shelf.removeItem(PREFIX + name);
}
