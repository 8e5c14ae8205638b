// Finding the parts of a page that its template promises.

/** The first element below `root` that fits the selector and is of this kind; an error where there is none. */
export function find<T extends Element>(selector: string, kind: new () => T, root: ParentNode = document): T {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`nothing here is ${selector}`);
  return found;
}

/** All elements below `root` that fit the selector and are of this kind, in their order. */
export function findAll<T extends Element>(selector: string, kind: new () => T, root: ParentNode = document): T[] {
  return [...root.querySelectorAll(selector)].filter((element): element is T => element instanceof kind);
}

/** What the template wrote as JSON into a `data-` attribute of the element. */
export function dataOf<T>(element: HTMLElement, name: string): T {
  const written = element.dataset[name];
  if (written === undefined) throw new Error(`the element says nothing of ${name}`);
  return JSON.parse(written) as T;
}
