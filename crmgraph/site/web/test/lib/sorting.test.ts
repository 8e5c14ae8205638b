import assert from "node:assert/strict";
import { test } from "node:test";

import { type Value, sorted } from "../../src/lib/sorting.ts";

const order = (values: Value[], direction: "up" | "down" = "up", language = "es") =>
  sorted(values, direction, language).map((place) => values[place]);

test("numbers are sorted as numbers", () => {
  assert.deepEqual(order([10, 9, -1.5, 100]), [-1.5, 9, 10, 100]);
  assert.deepEqual(order([10, 9, 100], "down"), [100, 10, 9]);
});

test("words are sorted as the language does, and numbers in them by what they count", () => {
  assert.deepEqual(order(["oso", "ñandú", "árbol", "nube", "zorro"]), ["árbol", "nube", "ñandú", "oso", "zorro"]);
  assert.deepEqual(order(["7.10", "7.9", "7.1.2"]), ["7.1.2", "7.9", "7.10"]);
});

test("empty cells come last in either direction", () => {
  assert.deepEqual(order([null, 2, null, 1]), [1, 2, null, null]);
  assert.deepEqual(order([null, 2, 1], "down"), [2, 1, null]);
});

test("numbers come before words", () => {
  assert.deepEqual(order(["a", 2, "b", 1]), [1, 2, "a", "b"]);
});

test("equal values stay in their order", () => {
  assert.deepEqual(sorted(["b", "a", "b", "a"], "up", "en"), [1, 3, 0, 2]);
  assert.deepEqual(sorted(["b", "a", "b", "a"], "down", "en"), [0, 2, 1, 3]);
});
