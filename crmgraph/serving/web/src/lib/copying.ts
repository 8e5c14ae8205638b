// Buttons that copy the text of another element: `data-copies` has its id, `data-copied` what the button says then.

import { find } from "./dom.ts";

const SECONDS = 3;

/** Makes all such buttons work, those that come into the page later too. */
export function watchCopying(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copies]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    void copy(find(`#${CSS.escape(button.dataset["copies"] ?? "")}`, HTMLElement)).then((isCopied) => {
      if (isCopied) say(button);
    });
  });
}

/** Copies an element's text. Where the browser allows no page to do that, it is selected, for the visitor to copy. */
async function copy(element: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(element.innerText.trim());
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return false;
  }
}

function say(button: HTMLButtonElement): void {
  const { copied } = button.dataset;
  if (!copied || button.textContent === copied) return;
  const before = button.textContent;
  button.textContent = copied;
  setTimeout(() => (button.textContent = before), SECONDS * 1000);
}
