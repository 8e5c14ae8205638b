// What queries can name in this dataset, as `/completions.json` tells it, and how its names are written in a query.

import { tokens } from "./tokens.ts";

type Prefixes = Readonly<Record<string, string>>;

/** What the server sends; numbers in lists are places in `kinds`. */
export interface Sent {
  prefixes: Prefixes;
  kinds: readonly string[];
  classes: readonly (readonly [name: string, label: string, count: number])[];
  properties: readonly (readonly [
    name: string,
    label: string,
    count: number,
    subjects: readonly number[],
    objects: readonly number[],
  ])[];
  things: readonly (readonly [name: string, label: string, kinds: readonly number[], others: readonly string[]])[];
  graphs: readonly (readonly [name: string, label: string])[];
}

export type Sort = "class" | "property" | "thing" | "graph";

/** Something that has a name: `name` is short, `iri` whole, `search` its label and `others` its other names (such as an
 * acronym) as they are looked for, without accents. */
export interface Entry {
  sort: Sort;
  iri: string;
  name: string;
  label: string;
  search: string;
  others: readonly string[];
  count: number;
  /** Of a thing, what it is; by IRIs. */
  kinds: ReadonlySet<string>;
  /** Of a property, what its subjects and its objects are. */
  subjects: ReadonlySet<string>;
  objects: ReadonlySet<string>;
}

/** All that has a name, in a list and by IRI. */
export interface Vocabulary {
  prefixes: Prefixes;
  entries: readonly Entry[];
  byIri: ReadonlyMap<string, Entry>;
}

const NOTHING: ReadonlySet<string> = new Set();
const SIMPLE = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/** The vocabulary that was sent. */
export function vocabularyOf(sent: Sent): Vocabulary {
  const { prefixes } = sent;
  const whole = (name: string) => expanded(name, prefixes) ?? name;
  const kinds = sent.kinds.map(whole);
  const chosen = (places: readonly number[]) => new Set(places.map((place) => kinds[place] ?? ""));
  const entry = (sort: Sort, name: string, label: string, count: number, more: Partial<Entry> = {}): Entry => ({
    sort,
    iri: whole(name),
    name,
    label,
    search: folded(label),
    others: [],
    count,
    kinds: NOTHING,
    subjects: NOTHING,
    objects: NOTHING,
    ...more,
  });
  const entries = [
    ...sent.classes.map(([name, label, count]) => entry("class", name, label, count)),
    ...sent.properties.map(([name, label, count, subjects, objects]) =>
      entry("property", name, label, count, { subjects: chosen(subjects), objects: chosen(objects) }),
    ),
    ...sent.things.map(([name, label, of, others]) =>
      entry("thing", name, label, 0, { kinds: chosen(of), others: others.map(folded) }),
    ),
    ...sent.graphs.map(([name, label]) => entry("graph", name, label, 0)),
  ];
  return { prefixes, entries, byIri: new Map(entries.map((each) => [each.iri, each])) };
}

/** What gives the vocabulary that is to be had at this address. It is fetched once; while it cannot be had there is
 * nothing but the prefixes, and whoever needs it next has it asked for again. */
export function vocabularyAt(address: string, prefixes: Prefixes): () => Promise<Vocabulary> {
  const bare = vocabularyOf({ prefixes, kinds: [], classes: [], properties: [], things: [], graphs: [] });
  let fetched: Promise<Vocabulary> | null = null;
  const missed = (): Vocabulary => {
    fetched = null;
    return bare;
  };
  return () => (fetched ??= fetchVocabulary(address).catch(missed));
}

async function fetchVocabulary(address: string): Promise<Vocabulary> {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.statusText);
  return vocabularyOf((await response.json()) as Sent);
}

/** The text in small letters without accents, as people type it who look for something. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The IRI that `<…>` or a prefixed name stands for; null where its prefix is not known. */
export function expanded(name: string, prefixes: Prefixes): string | null {
  if (name.startsWith("<")) return name.slice(1).replace(/>$/, "");
  const colon = name.indexOf(":");
  const space = prefixes[name.slice(0, colon)];
  return colon < 0 || space === undefined ? null : space + name.slice(colon + 1).replace(/\\(.)/g, "$1");
}

/** The prefixes that a query declares. */
export function declared(query: string): Record<string, string> {
  const found: Record<string, string> = {};
  const read = tokens(query);
  read.forEach(({ kind, text }, place) => {
    const [name, iri] = [read[place + 1], read[place + 2]];
    if (kind === "word" && text.toUpperCase() === "PREFIX" && name?.kind === "name" && iri?.kind === "iri") {
      found[name.text.slice(0, -1)] = iri.text.slice(1, -1);
    }
  });
  return found;
}

/** An IRI as it is written into a query that declares `own` prefixes: with the declaration that it needs there. */
export function written(iri: string, own: Prefixes, known: Prefixes): { text: string; missing: string | null } {
  for (const [prefixes, isMissing] of [
    [own, false],
    [known, true],
  ] as const) {
    const [best] = Object.entries(prefixes)
      .filter(([prefix, space]) => iri.startsWith(space) && SIMPLE.test(iri.slice(space.length)) && !(isMissing && own[prefix]))
      .sort(([, one], [, other]) => other.length - one.length);
    if (best) return { text: `${best[0]}:${iri.slice(best[1].length)}`, missing: isMissing ? best[0] : null };
  }
  return { text: `<${iri}>`, missing: null };
}

/** Where a query's further declarations go: behind those that it has, else before everything but comments. */
export function declarationPlace(query: string): number {
  const read = tokens(query).filter(({ kind }) => kind !== "comment");
  let place = read[0]?.from ?? query.length;
  for (let at = 0; at < read.length; ) {
    const word = read[at]?.text.toUpperCase();
    const last = word === "PREFIX" ? read[at + 2] : word === "BASE" ? read[at + 1] : undefined;
    if (last?.kind !== "iri") break;
    const end = last.from + last.text.length;
    const line = query.slice(end).match(/^[ \t]*(?:#[^\n]*)?\n/);
    place = end + (line?.[0].length ?? 0);
    at += word === "PREFIX" ? 3 : 2;
  }
  return place;
}
