import assert from "node:assert/strict";
import { test } from "node:test";

import { type Part, placeAfter } from "../../src/lib/place.ts";

const PARTS: readonly (readonly [before: string, part: Part])[] = [
  ["", "prologue"],
  ["PREFIX ", "declaration"],
  ["PREFIX cg: ", "declaration"],
  ["PREFIX cg: <https://w3id.org/crmgraph/ontology#>\n", "prologue"],
  ["SELECT ", "selection"],
  ["SELECT ?x (COUNT(?y) AS ?n) ", "selection"],
  ["SELECT (COUNT(", "expression"],
  ["SELECT * FROM ", "dataset"],
  ["SELECT * FROM <urn:g> ", "selection"],
  ["SELECT * { ", "subject"],
  ["SELECT * WHERE { ?x ", "predicate"],
  ["SELECT * { ?x a ", "object"],
  ["SELECT * { ?x cg:agent ", "object"],
  ["SELECT * { ?x cg:agent ?a ", "end"],
  ["SELECT * { ?x cg:agent ?a . ", "subject"],
  ["SELECT * { ?x cg:agent ?a ; ", "predicate"],
  ["SELECT * { ?x cg:agent ?a , ", "object"],
  ["SELECT * { ?x cg:within/", "predicate"],
  ["SELECT * { ?x cg:within+/cg:agent ", "object"],
  ["SELECT * { ?x ^cg:within ", "object"],
  ["SELECT * { ?x (cg:within|", "predicate"],
  ["SELECT * { ?x (cg:within|cg:agent)* ", "object"],
  ["SELECT * { ?x cg:participation [ ", "predicate"],
  ["SELECT * { ?x cg:participation [ cg:agent ", "object"],
  ["SELECT * { ?x cg:participation [ cg:agent ?a ] ", "end"],
  ["SELECT * { [ cg:agent ?a ] ", "predicate"],
  ["SELECT * { [] ", "predicate"],
  ["SELECT * { ?x cg:order (1 ", "object"],
  ['SELECT * { ?x rdfs:label "a . b ; { c"@es ', "end"],
  ['SELECT * { ?x cg:order "1"^^xsd:integer ', "end"],
  ["SELECT * { # ?x a cg:Theme\n", "subject"],
  ["SELECT * { FILTER (", "expression"],
  ["SELECT * { FILTER (?x = ", "expression"],
  ["SELECT * { FILTER (regex(?x, 'a') && ", "expression"],
  ["SELECT * { FILTER (?x = 1) ", "subject"],
  ["SELECT * { FILTER regex(?x, 'a') ", "subject"],
  ["SELECT * { FILTER NOT EXISTS { ", "subject"],
  ["SELECT * { FILTER NOT EXISTS { ?x a cg:Theme } ", "subject"],
  ["SELECT * { FILTER (EXISTS { ?x ", "predicate"],
  ["SELECT * { FILTER (EXISTS { ?x a cg:Theme } && ", "expression"],
  ["SELECT * { BIND (1 AS ?y) ", "subject"],
  ["SELECT * { OPTIONAL { ?x ", "predicate"],
  ["SELECT * { ?x a cg:Theme OPTIONAL { ?x ", "predicate"],
  ["SELECT * { { ?x a cg:Theme } UNION { ", "subject"],
  ["SELECT * { GRAPH ", "graph"],
  ["SELECT * { GRAPH ?g { ?s ", "predicate"],
  ["SELECT * { VALUES ", "heading"],
  ["SELECT * { VALUES ?x { ", "values"],
  ["SELECT * { VALUES ?x { cg:Theme } ", "subject"],
  ["SELECT * { VALUES (?x ?y) { (", "values"],
  ["SELECT * { VALUES (?x ?y) { (1 2) } ", "subject"],
  ["SELECT * { { SELECT ?x { ?x a cg:Theme } ORDER ", "modifier"],
  ["SELECT * { ?x a cg:Theme } ", "modifier"],
  ["SELECT * { ?x a cg:Theme } ORDER BY DESC(", "expression"],
  ["SELECT * { ?x a cg:Theme } LIMIT 10 ", "modifier"],
  ["CONSTRUCT { ?x ", "predicate"],
  ["CONSTRUCT { ?x a cg:Theme } WHERE { ?x a ", "object"],
  ["ASK { ?x a cg:Theme ; } } } ", "modifier"],
];

test("the part of a query is told from what stands before", () => {
  for (const [before, part] of PARTS) assert.equal(placeAfter(before).part, part, before);
});

test("an object has a subject and a predicate", () => {
  assert.deepEqual(placeAfter("{ ?x a cg:Theme ; cg:agent "), { part: "object", subject: "?x", predicate: "cg:agent" });
  assert.equal(placeAfter("{ ?x cg:within+/cg:participation/cg:agent ").predicate, "cg:agent");
  assert.equal(placeAfter("{ ?x (cg:within|cg:agent) ").predicate, "cg:agent");
  assert.equal(placeAfter("{ ?x cg:participation [ cg:role ?r ; cg:agent ").predicate, "cg:agent");
  assert.equal(placeAfter("{ ?x cg:participation [ a cg:Participation ] ; cg:topic ").subject, "?x");
});

test("a value belongs to a variable", () => {
  assert.equal(placeAfter("{ VALUES ?x { ").subject, "?x");
  assert.equal(placeAfter("{ VALUES ?x { cg:Theme ").subject, "?x");
  assert.equal(placeAfter("{ VALUES (?x ?y) { (1 ").subject, "?y");
  assert.equal(placeAfter("{ VALUES (?x ?y) { (1 2) (").subject, "?x");
  assert.equal(placeAfter("{ FILTER (?x = ").subject, "?x");
});

test("no query is too odd", () => {
  for (const odd of ["}}}", ")(", "[[[[", "{ ; . , ", '"""', "'", "<<", "PREFIX PREFIX a b c", "{ VALUES { ) ] }"]) {
    assert.ok(placeAfter(odd).part);
  }
});
