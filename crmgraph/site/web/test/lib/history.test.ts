import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_KEPT, forgetAll, remember, remembered } from "../../src/lib/history.ts";
import { memoryShelf } from "../../src/lib/shelf.ts";

const asked = (text: string, at = 0) => ({ text, at, milliseconds: 3, rows: 1 });

test("the last query that was asked comes first", () => {
  const shelf = memoryShelf();
  remember(shelf, asked("ASK {}", 1));
  remember(shelf, asked("SELECT * {}", 2));
  assert.deepEqual(remembered(shelf), [asked("SELECT * {}", 2), asked("ASK {}", 1)]);
});

test("a query that is asked again is remembered once, as it was asked last", () => {
  const shelf = memoryShelf();
  remember(shelf, asked("ASK {}", 1));
  remember(shelf, asked("SELECT * {}", 2));
  remember(shelf, asked("ASK {}\n", 3));
  assert.deepEqual(
    remembered(shelf).map((one) => one.at),
    [3, 2],
  );
});

test("no more than fifty are remembered", () => {
  const shelf = memoryShelf();
  for (let at = 1; at <= MOST_KEPT + 5; at++) remember(shelf, asked(`ASK { ${at} }`, at));
  const kept = remembered(shelf);
  assert.equal(kept.length, 50);
  assert.equal(kept[0]?.at, 55);
  assert.equal(kept.at(-1)?.at, 6);
});

test("all of them can be forgotten", () => {
  const shelf = memoryShelf();
  remember(shelf, asked("ASK {}"));
  forgetAll(shelf);
  assert.deepEqual(remembered(shelf), []);
});

test("what another program left under the name is passed over", () => {
  for (const left of ["nonsense", "{}", '[{"text": 1}]', "null"]) {
    const shelf = memoryShelf();
    shelf.setItem("crmgraph.history", left);
    assert.deepEqual(remembered(shelf), []);
    remember(shelf, asked("ASK {}"));
    assert.equal(remembered(shelf).length, 1);
  }
});

test("a store that is full does not stop anybody", () => {
  const shelf = { ...memoryShelf(), setItem: () => { throw new Error("no room"); } };
  remember(shelf, asked("ASK {}"));
  assert.deepEqual(remembered(shelf), []);
});
