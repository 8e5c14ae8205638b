import assert from "node:assert/strict";
import { test } from "node:test";

import { type Proposal, proposals } from "../../src/lib/proposals.ts";
import { vocabulary } from "./some_vocabulary.ts";

/** What is proposed at the bar in the query. */
function at(query: string, isAsked = false): Proposal[] {
  const [before = "", after = ""] = query.split("|");
  return proposals(before, after, vocabulary, isAsked)?.options ?? [];
}

/** Their texts, without those of variables unless one is being typed. */
const texts = (query: string, isAsked = false) =>
  at(query, isAsked)
    .map(({ text }) => text)
    .filter((text) => !text.startsWith("?") || /[?]\w*[|]/.test(query));

test("classes follow `a` and rdf:type, under whatever prefix", () => {
  assert.deepEqual(texts("{ ?x a cg:|"), ["cg:State", "cg:Organisation", "cg:Activity"]);
  assert.deepEqual(texts("PREFIX r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> SELECT * { ?x r:type org|"), ["cg:Organisation"]);
  assert.deepEqual(texts("{ ?x rdfs:subClassOf act|"), ["cg:Activity"]);
});

test("properties stand in the place of the predicate", () => {
  assert.deepEqual(texts("{ ?x cg:part|"), ["cg:participation"]);
  assert.deepEqual(texts("{ ?x cg:participation/cg:ag|"), ["cg:agent"]);
  assert.equal(proposals("{ ?x cg:participation/cg:ag", "", vocabulary, false)?.from, 22);
  assert.ok(texts("{ ?x a|").includes("a"));
});

test("the properties of what a variable is come first", () => {
  assert.deepEqual(texts("{ ?x a cg:Activity ; |", true).slice(0, 2), ["a", "rdf:type"]);
  const others = texts("{ ?x | ; a cg:Activity }", true);
  assert.ok(others.indexOf("cg:status") < others.indexOf("cg:agent"));
});

test("what fits the predicate comes first", () => {
  assert.deepEqual(texts("{ ?x cg:status |", true).slice(0, 2), ["status:done", "status:pending"]);
  assert.equal(texts("{ ?x cg:agent m|")[0], "id:country/MEX");
  assert.deepEqual(texts("{ ?x cg:agent organiz|"), ["id:actor/oim", "cg:Organisation"]);
});

test("a value of a variable fits what the query says of the variable", () => {
  assert.deepEqual(texts("{ VALUES ?s { | } ?x cg:status ?s }", true).slice(0, 2), ["status:done", "status:pending"]);
  assert.deepEqual(texts("{ ?x cg:status ?s FILTER (?s = |) }", true).filter((each) => each.startsWith("status")).length, 2);
});

test("things are found by label and by name, accents or not", () => {
  assert.deepEqual(texts("{ ?x cg:agent mexico|"), ["id:country/MEX"]);
  assert.deepEqual(texts("{ ?x cg:agent México|"), ["id:country/MEX"]);
  assert.deepEqual(texts("{ ?x cg:agent oim|"), ["id:actor/oim"]);
  assert.deepEqual(texts("{ ?x cg:agent id:refug|"), ["id:actor/acnur"]);
  assert.deepEqual(texts("{ ?x cg:agent id:actor/o|"), ["id:actor/oim"]);
  assert.deepEqual(texts("{ ?x cg:agent <https://w3id.org/crmgraph/id/actor/o|"), ["id:actor/oim"]);
});

test("a name is written as the query can: by its own prefix, by one to declare, or whole", () => {
  assert.deepEqual(
    at("PREFIX o: <https://w3id.org/crmgraph/ontology#> SELECT * { ?x a activ|").map(({ insert, missing }) => [insert, missing]),
    [["o:Activity", null]],
  );
  assert.deepEqual(
    at("SELECT * { ?x a activ|").map(({ insert, missing }) => [insert, missing]),
    [["cg:Activity", "cg"]],
  );
  assert.deepEqual(
    at("SELECT * { ?x cg:agent oim|").map(({ insert, missing }) => [insert, missing]),
    [["<https://w3id.org/crmgraph/id/actor/oim>", null]],
  );
});

test("a prefix that means something else in this query is not used for ours", () => {
  assert.deepEqual(
    at("PREFIX cg: <urn:else:> SELECT * { ?x a activ|").map(({ insert, missing }) => [insert, missing]),
    [["<https://w3id.org/crmgraph/ontology#Activity>", null]],
  );
});

test("variables that the query has are proposed", () => {
  assert.deepEqual(texts("SELECT ?n| { ?x cg:number ?number ; cg:name ?name }"), ["?name", "?number"]);
  assert.deepEqual(texts("{ ?theme cg:order ?o . ?th|"), ["?theme"]);
});

test("prefixes are declared in the prologue, those that are not yet", () => {
  assert.deepEqual(texts("PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nPREFIX rdf|"), [
    "rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>",
    "rdfs: <http://www.w3.org/2000/01/rdf-schema#>",
  ]);
  assert.ok(texts("PRE|").includes("PREFIX dcterms: <http://purl.org/dc/terms/>"));
  assert.ok(!texts("PREFIX cg: <x>\nPRE|").some((each) => each.startsWith("PREFIX cg:")));
});

test("keywords are those of the place", () => {
  assert.deepEqual(texts("SELECT * { ?x a cg:State } ord|"), ["ORDER"]);
  assert.deepEqual(texts("{ ?x cg:agent ?y . opt|"), ["OPTIONAL"]);
  assert.deepEqual(texts("{ FILTER (strs|"), ["STRSTARTS"]);
});

test("graphs follow GRAPH and FROM", () => {
  assert.deepEqual(texts("{ GRAPH inf|"), ["graph:inferred"]);
  assert.deepEqual(texts("SELECT * FROM inf|"), ["graph:inferred"]);
});

test("nothing is proposed in words, in comments, and unasked where nothing was typed", () => {
  assert.deepEqual(texts('{ ?x rdfs:label "mex|'), []);
  assert.deepEqual(texts("# mex|"), []);
  assert.deepEqual(texts("{ ?x cg:agent |"), []);
  assert.deepEqual(texts("{ ?x a cg:State|."), ["cg:State"]);
});

test("things are found by an acronym and other names, and these stand first", () => {
  assert.equal(texts("{ ?x cg:agent IOM|")[0], "id:actor/oim");
  assert.equal(texts("{ ?x ?y IOM|")[0], "id:actor/oim");
  assert.ok(texts("{ ?x ?y IOM|").includes("id:instrument/iom-statutes"));
  assert.equal(texts("{ ?x cg:agent onu mig|".replace("onu mig", "migracion"))[0], "id:actor/oim");
  assert.deepEqual(texts("{ ?x cg:agent unhcr|"), ["id:actor/acnur"]);
});

test("after a property come first the things that it asks for, however they are called", () => {
  const found = texts("{ ?x cg:agent est|");
  assert.deepEqual(found.slice(0, 2), ["id:country/MEX", "cg:State"]);
});
