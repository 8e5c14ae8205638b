// What is proposed at a place of a query: what may stand there, best first, of what fits to what was typed.

import { type Part, type Place, placeAfter, triplesOf } from "./place.ts";
import { tokens } from "./tokens.ts";
import { type Entry, type Sort, type Vocabulary, declared, expanded, folded, written } from "./vocabulary.ts";

export type Type = Sort | "variable" | "keyword" | "namespace";

/** A proposal: `text` is shown and, unless it is the IRI of something, written; what it is called is its `label`. */
export interface Proposal {
  type: Type;
  text: string;
  label: string;
  /** What is written in its place, and the prefix that has to be declared for that. */
  insert: string;
  missing: string | null;
}

/** Proposals for what was typed from this place on. */
export interface Proposals {
  from: number;
  options: Proposal[];
}

const MOST = 60;
/** The rank of what is called just as was typed. */
const BEST = 8;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const OF_CLASSES = /#(?:subClassOf|domain|range|equivalentClass|disjointWith)$/;
const OF_GROUPS = "FILTER OPTIONAL UNION MINUS BIND VALUES GRAPH SERVICE NOT EXISTS SELECT";
const KEYWORDS: Readonly<Partial<Record<Part, string>>> = {
  prologue: "PREFIX BASE SELECT CONSTRUCT ASK DESCRIBE",
  selection: "DISTINCT REDUCED WHERE FROM COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT AS",
  dataset: "NAMED",
  subject: OF_GROUPS,
  end: OF_GROUPS,
  expression:
    "ABS AS BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY DISTINCT EXISTS FLOOR GROUP_CONCAT IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE MAX MIN MONTH NOT NOW REGEX REPLACE ROUND SAMETERM SAMPLE SEPARATOR STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS SUBSTR SUM UCASE YEAR",
  values: "UNDEF",
  modifier: "ORDER GROUP BY HAVING LIMIT OFFSET ASC DESC VALUES WHERE FROM",
  graph: "SILENT",
};
const SORTS: Readonly<Partial<Record<Part, readonly Sort[]>>> = {
  selection: ["thing"],
  dataset: ["graph"],
  subject: ["thing", "graph"],
  predicate: ["property"],
  object: ["thing", "class", "property", "graph"],
  expression: ["thing", "class", "property", "graph"],
  values: ["thing", "class", "property", "graph"],
  graph: ["graph"],
};
const WITH_VARIABLES = new Set<Part>(["selection", "subject", "predicate", "object", "expression", "heading", "graph", "modifier"]);

/** What is proposed at the end of `before` in the query `before + after`; nothing unasked where nothing was typed. */
export function proposals(before: string, after: string, vocabulary: Vocabulary, isAsked: boolean): Proposals | null {
  const last = tokens(before).at(-1);
  if (last && (last.kind === "comment" || last.kind === "text") && before.endsWith(last.text)) return null;
  const { typed, place } = typedAt(before);
  if (!typed && !isAsked) return null;
  const from = before.length - typed.length;
  const query = before.slice(0, from) + " " + after;
  const options = new Chooser(vocabulary, query, typed).options(place);
  return options.length ? { from, options } : null;
}

/** What was typed at the end, and the place where it stands. Only in a path does a slash not belong to a name. */
function typedAt(before: string): { typed: string; place: Place } {
  const long = before.match(/<[^<>"{}|^\x60\\\s]*$|[?$]?[\p{L}\p{N}_:./-]*$/u)?.[0] ?? "";
  const place = placeAfter(before.slice(0, before.length - long.length));
  if (place.part !== "predicate" || long.startsWith("<")) return { typed: long, place };
  const short = long.slice(long.lastIndexOf("/") + 1);
  return { typed: short, place: placeAfter(before.slice(0, before.length - short.length)) };
}

class Chooser {
  private readonly vocabulary: Vocabulary;
  private readonly query: string;
  private readonly typed: string;
  private readonly own: Record<string, string>;

  constructor(vocabulary: Vocabulary, query: string, typed: string) {
    this.vocabulary = vocabulary;
    this.query = query;
    this.typed = typed;
    this.own = declared(query);
  }

  options(place: Place): Proposal[] {
    const { part } = place;
    if (part === "declaration") return this.namespaces("");
    const variables = WITH_VARIABLES.has(part) ? this.variables() : [];
    if (/^[?$]/.test(this.typed)) return variables;
    const found: Proposal[] = [];
    if (part !== "predicate") found.push(...variables);
    if (part === "predicate" && "a".startsWith(this.typed)) found.push(word("a", this.labelOf(TYPE)));
    found.push(...this.entries(place));
    if (part === "predicate") found.push(...variables);
    if (part === "prologue" && "prefix".startsWith(this.typed.toLowerCase())) found.push(...this.namespaces("PREFIX "));
    found.push(...this.keywords(part));
    return found;
  }

  private variables(): Proposal[] {
    const used = tokens(this.query).filter(({ kind }) => kind === "variable");
    return [...new Set(used.map(({ text }) => text))]
      .filter((text) => text.startsWith(this.typed) && text !== this.typed)
      .sort()
      .map((text) => ({ type: "variable", text, label: "", insert: text, missing: null }));
  }

  private keywords(part: Part): Proposal[] {
    const typed = this.typed.toUpperCase();
    if (!typed) return [];
    return (KEYWORDS[part] ?? "").split(" ").filter((each) => each && each.startsWith(typed)).map((each) => word(each));
  }

  /** The prefixes that the query does not declare yet, each with its declaration. */
  private namespaces(lead: string): Proposal[] {
    const typed = lead ? "" : this.typed;
    return Object.entries(this.vocabulary.prefixes)
      .filter(([prefix]) => !(prefix in this.own) && `${prefix}:`.startsWith(typed))
      .map(([prefix, iri]) => {
        const text = `${lead}${prefix}: <${iri}>`;
        return { type: "namespace", text, label: "", insert: `${text}\n`, missing: null };
      });
  }

  private entries(place: Place): Proposal[] {
    const sorts = this.sortsAt(place);
    const kinds = this.kindsAt(place);
    const typed = folded(this.typed);
    // What a property asks for comes first, however it is called; elsewhere a name that answers better may go before.
    const fitting = place.part === "object" ? BEST + 1 : 4;
    return this.vocabulary.entries
      .filter((entry) => sorts.includes(entry.sort))
      .map((entry) => ({ entry, rank: rankOf(entry, typed), fits: fits(entry, place, kinds) ? fitting : 0 }))
      .filter(({ rank }) => rank > 0)
      .sort((one, other) =>
        other.rank + other.fits - one.rank - one.fits || other.entry.count - one.entry.count || compare(one.entry, other.entry),
      )
      .slice(0, MOST)
      .map(({ entry }) => {
        const { text, missing } = written(entry.iri, this.own, this.vocabulary.prefixes);
        return { type: entry.sort, text: entry.name, label: entry.label, insert: text, missing };
      });
  }

  private sortsAt({ part, predicate }: Place): readonly Sort[] {
    if (part === "selection" && !/\bDESCRIBE\b/i.test(this.query)) return [];
    if (part === "object") {
      const iri = this.iriOf(predicate);
      if (iri === TYPE) return ["class"];
      if (iri && OF_CLASSES.test(iri)) return ["class"];
    }
    return SORTS[part] ?? [];
  }

  /** The kinds of what is looked for at this place, as far as the query tells them. */
  private kindsAt({ part, subject, predicate }: Place): ReadonlySet<string> {
    if (part === "object") return this.propertyAt(predicate)?.objects ?? new Set();
    return /^[?$]/.test(subject) ? this.kindsOf(subject) : (this.vocabulary.byIri.get(this.iriOf(subject) ?? "")?.kinds ?? new Set());
  }

  /** What a variable stands for: what it is said to be, else what the properties around it ask for. */
  private kindsOf(variable: string): ReadonlySet<string> {
    const triples = triplesOf(this.query);
    const said = triples
      .filter((triple) => triple.subject === variable && this.iriOf(triple.predicate) === TYPE)
      .map((triple) => this.iriOf(triple.object))
      .filter((iri): iri is string => iri !== null);
    if (said.length) return new Set(said);
    return new Set(
      triples
        .filter((triple) => triple.object === variable)
        .flatMap((triple) => [...(this.propertyAt(triple.predicate)?.objects ?? [])]),
    );
  }

  private propertyAt(predicate: string): Entry | undefined {
    return this.vocabulary.byIri.get(this.iriOf(predicate) ?? "");
  }

  private iriOf(name: string): string | null {
    return name === "a" ? TYPE : expanded(name, { ...this.vocabulary.prefixes, ...this.own });
  }

  private labelOf(iri: string): string {
    return this.vocabulary.byIri.get(iri)?.label ?? "";
  }
}

/** How well an entry answers to what was typed: by its name, its label or another name it has, as a whole, from its
 * beginning or not; 0 for not at all. */
function rankOf(entry: Entry, typed: string): number {
  if (!typed) return 1;
  if (typed.startsWith("<")) return entry.iri.toLowerCase().includes(typed.slice(1)) ? 2 : 0;
  const name = entry.name.toLowerCase();
  const colon = typed.indexOf(":");
  if (colon >= 0) {
    const rest = typed.slice(colon + 1);
    if (!name.startsWith(typed.slice(0, colon + 1))) return 0;
    return name.startsWith(typed) ? 6 : rankOfWord(entry, rest);
  }
  return rankOfWord(entry, typed);
}

function rankOfWord(entry: Entry, typed: string): number {
  const name = entry.name.toLowerCase();
  const local = name.slice(name.indexOf(":") + 1);
  const names = [entry.search, ...entry.others];
  if (names.includes(typed)) return BEST;
  if (local.startsWith(typed) || local.slice(local.lastIndexOf("/") + 1).startsWith(typed)) return 6;
  if (startsWord(local, typed) || names.some((each) => startsWord(each, typed))) return 5;
  return local.includes(typed) || names.some((each) => each.includes(typed)) ? 2 : 0;
}

function startsWord(text: string, typed: string): boolean {
  const at = text.indexOf(typed);
  return at === 0 || (at > 0 && new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped(typed)}`, "u").test(text));
}

function escaped(text: string): string {
  return text.replace(/[/.*+?^${}()|[\]\\-]/g, String.raw`\$&`);
}

/** Whether an entry is of the kinds that the place asks for; a property, whether it is said of them. */
function fits(entry: Entry, { part }: Place, kinds: ReadonlySet<string>): boolean {
  const own = part === "predicate" ? entry.subjects : entry.kinds;
  return [...own].some((kind) => kinds.has(kind));
}

function compare(one: Entry, other: Entry): number {
  return one.name < other.name ? -1 : 1;
}

function word(text: string, label = ""): Proposal {
  return { type: "keyword", text, label, insert: text, missing: null };
}
