// What is amiss in a query while it is being written, as far as that can be seen without the server.

import { SparqlLanguage } from "codemirror-lang-sparql";

import { tokens } from "./tokens.ts";
import { declared } from "./vocabulary.ts";

/** Something amiss from a place to another; `prefix` is one that is not declared, else it is no SPARQL there. */
export interface Fault {
  from: number;
  to: number;
  prefix: string | null;
}

/** The first place that is no SPARQL, unless the cursor is there, and the names whose prefix is not declared. */
export function faults(query: string, cursor: number): Fault[] {
  const undeclared = undeclaredNames(query, cursor);
  const wrong = firstWrong(query);
  return wrong === null || isBeside(query, wrong, cursor)
    ? undeclared
    : [...undeclared, { from: wrong, to: endOfWord(query, wrong), prefix: null }];
}

/** The prefixes of names that the query does not declare, but for the one at the cursor. */
export function undeclaredPrefixes(query: string, cursor: number): string[] {
  return undeclaredNames(query, cursor).map(({ prefix }) => prefix);
}

function undeclaredNames(query: string, cursor: number): (Fault & { prefix: string })[] {
  const known = declared(query);
  const read = tokens(query);
  return read.flatMap(({ kind, text, from }, place) => {
    const prefix = text.slice(0, text.indexOf(":"));
    const isDeclaration = read[place - 1]?.text.toUpperCase() === "PREFIX";
    const isTyped = from <= cursor && cursor <= from + text.length;
    if (kind !== "name" || prefix in known || isDeclaration || isTyped) return [];
    return [{ from, to: from + text.length, prefix }];
  });
}

function firstWrong(query: string): number | null {
  let first: number | null = null;
  SparqlLanguage.parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) first ??= node.from;
    },
  });
  return first;
}

/** Whether only space lies between two places. */
function isBeside(query: string, one: number, other: number): boolean {
  const start = Math.min(one, other);
  const end = Math.max(one, other);
  return !query.slice(start, end).trim() || (start === other && endOfWord(query, start) >= end);
}

function endOfWord(query: string, from: number): number {
  return from + (query.slice(from).match(/^\S+/)?.[0].length ?? 0);
}
