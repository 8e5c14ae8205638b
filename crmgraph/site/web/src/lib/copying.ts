// Buttons that copy the text of another element: `data-copies` has its id, `data-copied` what the button says then. Where
// a browser allows no page to copy, the text is selected, for the visitor to do it.

import { find } from "./dom.ts";

const SECONDS = 3;

/** Makes all such buttons work, those that come into the page later too. */
export function watchCopying(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copies]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const element = find(`#${CSS.escape(button.dataset.copies ?? "")}`, HTMLElement);
    void copyText(element.innerText.trim(), button, button.dataset.copied ?? "").then((isCopied) => {
      if (!isCopied) getSelection()?.selectAllChildren(element);
    });
  });
}

/** Copies a text and has the button say so; whether the browser allowed it. */
export async function copyText(text: string, button: HTMLButtonElement, copied: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return false;
  }
  if (button.textContent !== copied) {
    const before = button.textContent;
    button.textContent = copied;
    setTimeout(() => (button.textContent = before), SECONDS * 1000);
  }
  return true;
}
