import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { faults, undeclaredPrefixes } from "../../src/lib/checking.ts";

const LIBRARY = new URL("../../../../../queries/", import.meta.url);

test("nothing is amiss in any question of the library", () => {
  const names = readdirSync(LIBRARY).filter((name) => name.endsWith(".rq"));
  assert.ok(names.length > 40);
  for (const name of names) assert.deepEqual(faults(readFileSync(new URL(name, LIBRARY), "utf8"), 0), [], name);
});

test("a prefix that is not declared is told at each name", () => {
  const query = "PREFIX a: <urn:a> ASK { a:x cg:y cg:z }";
  const found = faults(query, 0).map(({ from, to, prefix }) => [query.slice(from, to), prefix]);
  assert.deepEqual(found, [
    ["cg:y", "cg"],
    ["cg:z", "cg"],
  ]);
});

test("the prefixes that a query lacks are those of its names but the one that is being written", () => {
  const query = "PREFIX a: <urn:a> ASK { a:x cg:y cg:z ; rdfs:la }";
  assert.deepEqual(undeclaredPrefixes(query, query.length - 2), ["cg", "cg"]);
});

test("a name that is being written is not told of yet", () => {
  assert.deepEqual(faults("ASK { ?x cg:ag }", 14), []);
});

test("the first place that is no SPARQL is told", () => {
  const query = "SELECT ?x { ?x nothing ?y }";
  const [fault] = faults(query, 0);
  assert.equal(query.slice(fault?.from, fault?.to), "nothing");
});

test("a place where somebody writes is not told of", () => {
  assert.deepEqual(faults("ASK { ?x  }", 9), []);
  assert.deepEqual(faults("ASK { ?x ", 9), []);
  assert.equal(faults("ASK { ?x  }", 0).length, 1);
});
