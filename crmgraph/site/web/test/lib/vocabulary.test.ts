import assert from "node:assert/strict";
import { test } from "node:test";

import { declarationPlace, declared, folded, written } from "../../src/lib/vocabulary.ts";
import { vocabulary } from "./some_vocabulary.ts";

test("what people type without accents is found", () => {
  assert.equal(folded("Organización"), "organizacion");
});

test("a query's own prefixes are read, wherever the lines break", () => {
  assert.deepEqual(declared("PREFIX a:\n<urn:a>\nprefix b: <urn:b> # PREFIX c: <urn:c>\nASK {}"), { a: "urn:a", b: "urn:b" });
});

test("the longest of the query's own prefixes that fits is used", () => {
  const own = { w: "https://w3id.org/", o: "https://w3id.org/crmgraph/ontology#" };
  assert.deepEqual(written("https://w3id.org/crmgraph/ontology#Theme", own, vocabulary.prefixes), { text: "o:Theme", missing: null });
});

test("a declaration goes behind those that there are, and before the query", () => {
  const place = (query: string) => query.slice(0, declarationPlace(query));
  assert.equal(place("PREFIX a: <urn:a>\nBASE <urn:b>  # so\n\nASK {}"), "PREFIX a: <urn:a>\nBASE <urn:b>  # so\n");
  assert.equal(place("# a question\nASK {}"), "# a question\n");
  assert.equal(place("ASK {}"), "");
  assert.equal(place("PREFIX a: <urn:a> ASK {}"), "PREFIX a: <urn:a>");
});
