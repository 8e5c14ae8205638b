// The words of a SPARQL query, finished or not (SPARQL 1.1 Query Language, section 19.8), as far as proposing needs them.

export type Kind = "comment" | "iri" | "text" | "variable" | "name" | "blank" | "number" | "language" | "word" | "mark";

/** A piece of a query: its kind, its characters, and where they begin. */
export interface Token {
  kind: Kind;
  text: string;
  from: number;
}

const LETTER = String.raw`\p{L}\p{N}_`;
const PATTERNS: readonly (readonly [Kind, string])[] = [
  ["comment", String.raw`#[^\n\r]*`],
  ["iri", String.raw`<[^<>"{}|^\x60\\\x00-\x20]*>`],
  ["text", String.raw`"""(?:(?:"|"")?(?:[^"\\]|\\.))*(?:"""|$)|'''(?:(?:'|'')?(?:[^'\\]|\\.))*(?:'''|$)`],
  ["text", String.raw`"(?:[^"\\\n\r]|\\.)*"?|'(?:[^'\\\n\r]|\\.)*'?`],
  ["variable", `[?$][${LETTER}]+`],
  ["blank", String.raw`_:[${LETTER}](?:[${LETTER}.-]*[${LETTER}-])?`],
  ["name", String.raw`(?:\p{L}(?:[${LETTER}.-]*[${LETTER}-])?)?:(?:[${LETTER}:](?:(?:[${LETTER}.:-]|%\p{AHex}{2}|\\.)*(?:[${LETTER}:-]|%\p{AHex}{2}|\\.))?)?`],
  ["number", String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?`],
  ["language", String.raw`@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*`],
  ["word", `[${LETTER}]+`],
  ["mark", String.raw`\^\^|&&|\|\||[<>!]=|<<\(?|\)?>>|[^\s]`],
];
const ANY = new RegExp(PATTERNS.map(([, pattern]) => `(${pattern})`).join("|"), "gsu");

/** The pieces of the query in their order, without the space between them. */
export function tokens(query: string): Token[] {
  return [...query.matchAll(ANY)].map((match) => {
    const group = match.slice(1).findIndex((piece) => piece !== undefined);
    return { kind: PATTERNS[group]?.[0] ?? "mark", text: match[0], from: match.index };
  });
}
