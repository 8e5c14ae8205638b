import assert from "node:assert/strict";
import { test } from "node:test";

import {
  closed,
  filled,
  frontOf,
  keepNotebook,
  keptNotebook,
  named,
  newNotebook,
  opened,
  openedOnce,
  turnedTo,
  written,
} from "../../src/lib/notebook.ts";
import { memoryShelf } from "../../src/lib/shelf.ts";

const three = opened(opened(newNotebook("one"), "two"), "three");
const texts = (notebook: typeof three) => notebook.sheets.map((sheet) => sheet.text);

test("a further sheet comes to the front and has a number of its own", () => {
  assert.deepEqual(texts(three), ["one", "two", "three"]);
  assert.equal(frontOf(three).text, "three");
  const ids = opened(closed(three, 2), "four").sheets.map((sheet) => sheet.id);
  assert.deepEqual(ids, [1, 3, 2]);
});

test("what is written stands on the sheet in front and on no other", () => {
  assert.deepEqual(texts(written(turnedTo(three, 2), "changed")), ["one", "changed", "three"]);
});

test("what was put there by a click counts as nobody's own until somebody writes in it", () => {
  assert.equal(frontOf(three).isOwn, false);
  const own = written(three, "changed");
  assert.equal(frontOf(own).isOwn, true);
  assert.equal(frontOf(filled(own, "from the library")).isOwn, false);
});

test("when the sheet in front is closed, the one before it comes to the front", () => {
  assert.equal(frontOf(closed(three, 3)).text, "two");
  assert.equal(frontOf(closed(turnedTo(three, 1), 1)).text, "two");
  assert.equal(frontOf(closed(three, 1)).text, "three");
});

test("the last sheet stays", () => {
  const alone = newNotebook("one");
  assert.equal(closed(alone, 1), alone);
});

test("a text that lies open already is turned to", () => {
  assert.equal(frontOf(openedOnce(three, "one\n")).id, 1);
  assert.equal(openedOnce(three, "one").sheets.length, 3);
  assert.equal(openedOnce(three, "four").sheets.length, 4);
});

test("a name is given and taken away", () => {
  assert.equal(named(three, 2, "  Funds ").sheets[1]?.name, "Funds");
  assert.equal(named(named(three, 2, "Funds"), 2, " ").sheets[1]?.name, null);
});

test("a notebook is kept as it is, and nonsense is passed over", () => {
  const shelf = memoryShelf();
  assert.equal(keptNotebook(shelf), null);
  keepNotebook(shelf, named(three, 1, "First"));
  assert.deepEqual(keptNotebook(shelf), named(three, 1, "First"));
  for (const left of ["[]", '{"sheets": [], "front": 1}', '{"sheets": [{"id": 1}], "front": 1}']) {
    shelf.setItem("crmgraph.tabs", left);
    assert.equal(keptNotebook(shelf), null);
  }
});
