// What may stand at a place of a query: found by reading what stands before it, which need not be right or whole.

import { type Token, tokens } from "./tokens.ts";

/** The part of a query that a place is in: after `PREFIX name:` it is a `declaration`, behind a triple its `end`. */
export type Part =
  | "prologue"
  | "declaration"
  | "selection"
  | "dataset"
  | "subject"
  | "predicate"
  | "object"
  | "end"
  | "expression"
  | "heading"
  | "values"
  | "graph"
  | "modifier";

/** A place. In a triple, `subject` and `predicate` are what was written before it (of a path, its last step); in
 * VALUES, `subject` is the variable that has its values there; in an expression, the last variable. */
export interface Place {
  part: Part;
  subject: string;
  predicate: string;
}

/** What a bracket opened and nothing has closed yet; `outer` is the part that is gone on with behind it. */
interface Level extends Place {
  opened: string;
  outer: Part;
  variables: readonly string[];
  index: number;
}

const CLOSES: Record<string, string> = { "}": "{", ")": "(", "]": "[" };
const TERMS = new Set(["iri", "name", "variable", "blank", "text", "number"]);
const PATH_GOES_ON = new Set(["/", "|"]);

/** The part that a keyword leads to. Those that stand alone in a group leave it at the beginning of a triple. */
const LEADS_TO: Readonly<Record<string, Part>> = {
  BASE: "declaration",
  PREFIX: "declaration",
  SELECT: "selection",
  CONSTRUCT: "selection",
  DESCRIBE: "selection",
  ASK: "selection",
  FROM: "dataset",
  GRAPH: "graph",
  SERVICE: "graph",
  FILTER: "expression",
  BIND: "expression",
  VALUES: "heading",
  OPTIONAL: "subject",
  UNION: "subject",
  MINUS: "subject",
  ORDER: "modifier",
  GROUP: "modifier",
  HAVING: "modifier",
  LIMIT: "modifier",
  OFFSET: "modifier",
};

/** A triple of a query, as its parts are written there; of a path, the predicate is the last step. */
export interface Triple {
  subject: string;
  predicate: string;
  object: string;
}

/** The place at the end of `before`, a query up to there. */
export function placeAfter(before: string): Place {
  const { part, subject, predicate } = read(before).level;
  return { part, subject, predicate };
}

/** The triples of a query, but for those in which something has no name. */
export function triplesOf(query: string): readonly Triple[] {
  return read(query).triples;
}

function read(query: string): Reader {
  const reader = new Reader();
  for (const token of tokens(query)) if (token.kind !== "comment") reader.read(token);
  return reader;
}

class Reader {
  private readonly levels: Level[] = [];
  level = opening("", "prologue", "modifier");
  readonly triples: Triple[] = [];
  /** The next term belongs to the one before it: it is the type of a literal. */
  private isType = false;

  read({ kind, text }: Token): void {
    if (kind === "word") this.readWord(text);
    else if (TERMS.has(kind)) this.readTerm(text);
    else if (kind === "mark") this.readMark(text);
  }

  private readWord(text: string): void {
    const { level } = this;
    const part = LEADS_TO[text.toUpperCase()];
    if (part && !(level.opened === "(" && level.part === "expression")) {
      level.part = part;
      level.variables = [];
    } else if (text === "a" && level.part === "predicate") this.readTerm(text);
    else if (text === "true" || text === "false") this.readTerm(text);
  }

  private readTerm(text: string): void {
    const { level } = this;
    if (this.isType) {
      this.isType = false;
      return;
    }
    switch (level.part) {
      case "subject":
        level.subject = text;
        level.predicate = "";
        level.part = "predicate";
        break;
      case "predicate":
        level.predicate = text;
        if (level.opened !== "(") level.part = "object";
        break;
      case "object":
        this.triples.push({ subject: level.subject, predicate: level.predicate, object: text });
        if (level.opened !== "(") level.part = "end";
        break;
      case "graph":
        level.part = "subject";
        break;
      case "heading":
        level.variables = [...level.variables, text];
        break;
      case "values":
        level.index += 1;
        level.subject = level.variables[level.opened === "(" ? level.index : 0] ?? "";
        break;
      case "expression":
        if (/^[?$]/.test(text)) level.subject = text;
        break;
      case "declaration":
        if (text.startsWith("<")) level.part = "prologue";
        break;
      case "dataset":
        level.part = "selection";
        break;
      default:
    }
  }

  private readMark(text: string): void {
    const { level } = this;
    const opened = CLOSES[text];
    if (opened) this.close(opened);
    else if (text === "{") this.openBraces();
    else if (text === "[") this.open(opening("[", "predicate", after(level.part)));
    else if (text === "(") this.openRound();
    else if (text === "^^") this.isType = true;
    else if (text === "." && isTriple(level.part)) Object.assign(level, { part: "subject", subject: "", predicate: "" });
    else if (text === ";" && isTriple(level.part)) Object.assign(level, { part: "predicate", predicate: "" });
    else if (text === "," && level.part === "end") level.part = "object";
    else if (PATH_GOES_ON.has(text) && level.part === "object") level.part = "predicate";
  }

  private openBraces(): void {
    const { level } = this;
    const outer = level.opened === "(" ? level.part : level.opened ? "subject" : "modifier";
    if (level.part === "heading") this.open({ ...opening("{", "values", outer), ...valuesOf(level.variables) });
    else this.open(opening("{", "subject", outer));
  }

  private openRound(): void {
    const { level } = this;
    if (level.part === "values") {
      this.open({ ...opening("(", "values", "values"), ...valuesOf(level.variables) });
    } else if (level.part === "heading") this.open(opening("(", "heading", "heading"));
    else if (level.part === "predicate") this.open({ ...opening("(", "predicate", "object"), subject: level.subject });
    else if (level.part === "subject" || level.part === "object") {
      this.open({ ...opening("(", "object", after(level.part)), predicate: "" });
    } else {
      const isTest = level.part === "expression" && level.opened !== "(";
      this.open({ ...opening("(", "expression", isTest ? "subject" : level.part), subject: level.subject });
    }
  }

  private open(level: Level): void {
    this.levels.push(this.level);
    this.level = level;
  }

  /** Closes the innermost level that was opened so, with all that lie open within it. */
  private close(opened: string): void {
    if (![this.level, ...this.levels].some((level) => level.opened === opened)) return;
    let closing = this.level;
    do {
      closing = this.level;
      this.level = this.levels.pop() ?? this.level;
    } while (closing.opened !== opened);
    const outer = this.level;
    outer.part = closing.outer;
    if (closing.part === "heading") outer.variables = closing.variables;
    if (closing.part === "predicate" && closing.opened === "(") outer.predicate = closing.predicate;
  }
}

function opening(opened: string, part: Part, outer: Part): Level {
  return { opened, part, outer, subject: "", predicate: "", variables: [], index: 0 };
}

function valuesOf(variables: readonly string[]): Pick<Level, "variables" | "subject"> {
  return { variables, subject: variables[0] ?? "" };
}

/** What follows a term at this place. */
function after(part: Part): Part {
  return part === "subject" ? "predicate" : part === "object" ? "end" : part;
}

function isTriple(part: Part): boolean {
  return part === "subject" || part === "predicate" || part === "object" || part === "end";
}
