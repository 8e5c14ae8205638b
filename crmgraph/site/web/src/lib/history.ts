// The queries that were asked from this browser, the last one first.

import { type Shelf, forget, put, take } from "./shelf.ts";

/** A query that was asked: when (milliseconds since 1970), how long it took, and the rows or triples of its answer. */
export interface Asked {
  text: string;
  at: number;
  milliseconds: number;
  rows: number | null;
}

export const MOST_KEPT = 50;
const NAME = "history";

/** All that is remembered. */
export function remembered(shelf: Shelf): Asked[] {
  return take(shelf, NAME, isHistory) ?? [];
}

/** Remembers a query that was asked; the same text is remembered once. */
export function remember(shelf: Shelf, asked: Asked): void {
  const others = remembered(shelf).filter((other) => other.text.trim() !== asked.text.trim());
  put(shelf, NAME, [asked, ...others].slice(0, MOST_KEPT));
}

/** Forgets all of them. */
export function forgetAll(shelf: Shelf): void {
  forget(shelf, NAME);
}

function isHistory(value: unknown): value is Asked[] {
  return Array.isArray(value) && value.every(isAsked);
}

function isAsked(value: unknown): value is Asked {
  if (typeof value !== "object" || value === null) return false;
  const { text, at, milliseconds, rows } = value as Record<keyof Asked, unknown>;
  return (
    typeof text === "string" &&
    typeof at === "number" &&
    typeof milliseconds === "number" &&
    (rows === null || typeof rows === "number")
  );
}
