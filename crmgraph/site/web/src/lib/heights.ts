// What is far below is laid out when it comes near; until then the browser has a guess at its height. How high it was is kept
// with the entry of the history, so that who comes back to a page, or reads it anew, is where they were.

import { findAll } from "./dom.ts";

/** What `frame.css` has laid out later. */
const LATER = "section ~ section, main > article ~ article, .index, .index ~ section, .colophon";

interface Entry {
  heights?: readonly number[];
}

/** Give what is laid out later the heights it had when this entry was left, and keep them wherever scrolling ends. */
export function keepHeights(): void {
  const { heights = [] } = entry();
  for (const [place, element] of findAll(LATER, HTMLElement).entries()) {
    const height = heights[place];
    if (height) element.style.containIntrinsicBlockSize = `auto ${String(height)}px`;
  }
  addEventListener("scrollend", () => {
    const heights = findAll(LATER, HTMLElement).map(heightOf);
    history.replaceState({ ...entry(), heights }, "");
  });
}

/** The height of what is in an element, without what stands around that. */
function heightOf(element: HTMLElement): number {
  const style = getComputedStyle(element);
  const around = [style.paddingTop, style.paddingBottom, style.borderTopWidth, style.borderBottomWidth];
  return around.reduce((height, each) => height - parseFloat(each), element.getBoundingClientRect().height);
}

function entry(): Entry {
  return (history.state ?? {}) as Entry;
}
