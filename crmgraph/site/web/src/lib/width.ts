// Pictures that are wider than their frame, which is scrolled sideways then.

import { findAll } from "./dom.ts";

/** Shows the hints below `root` where the frame behind them is too narrow, unless the style sheet does (pictures.css). */
export function watchHints(root: ParentNode): void {
  if (CSS.supports("timeline-scope", "--across")) return;
  for (const hint of findAll(".picture-hint", HTMLElement, root)) {
    const frames = findAll(".picture-scroll, .scroll", HTMLElement, hint.parentElement ?? root);
    const observer = new ResizeObserver(() => {
      hint.hidden = frames.every((frame) => frame.scrollWidth <= frame.clientWidth + 1);
    });
    for (const frame of frames) observer.observe(frame);
  }
}
