// What the pages of pictures do beyond plain HTML: a PNG of the picture, what is near a thing, and folding in place.

import { watchHints } from "./lib/width.ts";

const SCALE = 2;
// No browser makes a canvas that is longer.
const LONGEST = 16_000;
const NOTHING_MORE_TO_SAY = "";
// How many pixels of what was opened stay in view beside its parts.
const BESIDE = 80;

// What the address of the page that is shown asks for.
let query = location.search;

async function pngOf(address: string): Promise<Blob> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const scale = Math.min(SCALE, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) =>
    canvas.toBlob((made) => (made ? done(made) : failed(new Error("no picture"))), "image/png"),
  );
}

async function savePng(button: HTMLButtonElement): Promise<void> {
  const status = button.closest("figure")?.querySelector<HTMLElement>("[data-png-status]");
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await pngOf(button.dataset.file ?? ""));
    link.download = button.dataset.name ?? "";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    if (status) status.textContent = NOTHING_MORE_TO_SAY;
  } catch {
    if (status) status.textContent = status.dataset.failed ?? "";
  }
}

// The lines that end at what is pointed at or focused stand out from the others.
function showNear(event: Event): void {
  const target = event.target as Element;
  const picture = target.closest<SVGElement>(".picture-scroll .picture");
  if (!picture) return;
  const key = target.closest<SVGElement>("[data-key]")?.dataset.key;
  picture.classList.toggle("has-focus", key !== undefined && picture.querySelector("[data-ends]") !== null);
  for (const edge of picture.querySelectorAll<SVGElement>("[data-ends]")) {
    edge.classList.toggle("is-near", key !== undefined && (edge.dataset.ends ?? "").split(" ").includes(key));
  }
}

// Opening and folding changes the figure and the address, not the place on the page.
async function foldInPlace(event: MouseEvent): Promise<void> {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = (event.target as Element).closest<SVGAElement>("a[data-key^='toggle-']");
  const figure = link?.closest("figure");
  if (!link || !figure) return;
  event.preventDefault();
  const address = link.href.baseVal;
  await show(address, figure, link.dataset.key ?? "");
  history.pushState(null, "", address);
  query = location.search;
}

async function show(address: string, figure: Element, key: string): Promise<void> {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = read.querySelector("figure");
  if (!answer.ok || !next) {
    location.assign(address);
    return;
  }
  const scroll = frameOf(figure)?.scrollLeft ?? 0;
  figure.replaceWith(next);
  watchHints(next);
  const links = read.querySelector(".fold-links");
  if (links) document.querySelector(".fold-links")?.replaceWith(links);
  frameOf(next)?.scrollTo(scroll, 0);
  showOpened(next, `[data-key="${CSS.escape(key)}"] `);
  frameOf(next)?.querySelector<SVGElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  offerPng();
}

const frameOf = (figure: Element) => figure.querySelector(".picture-scroll");
const openToggle = (figure: Element, within = "") =>
  frameOf(figure)?.querySelector(`${within}.toggle.is-open`)?.closest("a");
const openedBy = (toggle: Element) => toggle.previousElementSibling?.querySelector(".part");

// Where the window is narrow, the parts of what was opened are beyond the edge of the frame: it is scrolled to the first.
function showOpened(figure: Element, within: string): void {
  const frame = frameOf(figure);
  const toggle = openToggle(figure, within);
  let part = toggle?.nextElementSibling;
  while (part && !part.querySelector(".part")) part = part.nextElementSibling;
  const opened = toggle && openedBy(toggle)?.getBoundingClientRect();
  if (!frame || !part || !opened) return;
  const shown = frame.getBoundingClientRect();
  if (part.getBoundingClientRect().right > shown.right) frame.scrollBy(opened.right - BESIDE - shown.left, 0);
}

// What the address opens comes into the window, with its title whole: the frame stays at its left.
function comeTo(figure: Element): void {
  const toggle = openToggle(figure);
  const opened = toggle && openedBy(toggle);
  if (opened && opened.getBoundingClientRect().bottom > innerHeight) {
    opened.scrollIntoView({ block: "center", inline: "nearest" });
  }
}

function offerPng(): void {
  for (const item of document.querySelectorAll<HTMLElement>("[data-png]")) item.hidden = false;
}

offerPng();
if (!location.hash) for (const figure of document.querySelectorAll("figure")) comeTo(figure);
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-png] button");
  if (button) void savePng(button);
  else void foldInPlace(event);
});
for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, showNear);
// Going back to what was folded otherwise; going to another place on the page is no reason to load it anew.
addEventListener("popstate", () => {
  if (location.search !== query) location.reload();
});
