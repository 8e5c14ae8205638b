// The SPARQL editor: CodeMirror with what this dataset has to propose, and the places of errors marked.

import {
  type Completion,
  type CompletionSource,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Action, type Diagnostic, forceLinting, lintGutter, lintKeymap, linter } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { type ChangeSpec, EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

import { type Fault, faults, undeclaredPrefixes } from "./checking.ts";
import { type Proposal, proposals } from "./proposals.ts";
import { type Vocabulary, declarationPlace } from "./vocabulary.ts";

const QUIET_BEFORE_CHECKING = 900;
const QUIET_BEFORE_PROPOSING = 60;

const theme = EditorView.theme({
  "&": {
    height: "100%",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontSize: "0.9rem",
  },
  "&:focus-within": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.7rem 0" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--soft)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", color: "inherit" },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    backgroundColor: "var(--surface)",
    boxShadow: "var(--shadow)",
    color: "var(--ink)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "15rem", maxWidth: "min(44rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "0.25rem 0.6rem",
    lineHeight: "1.4",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", opacity: "0.85" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", padding: "0.3rem 0.7rem" },
  ".cm-diagnosticAction": {
    border: "1px solid var(--accent)",
    borderRadius: "4px",
    backgroundColor: "transparent",
    color: "var(--accent)",
    font: "inherit",
    cursor: "pointer",
  },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--theme-2)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--busy)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.literal], color: "var(--theme-3)" },
  { tag: [tags.namespace, tags.tagName, tags.url, tags.atom, tags.propertyName, tags.labelName], color: "var(--accent)" },
  { tag: [tags.comment, tags.meta], color: "var(--soft)", fontStyle: "italic" },
]);

/** What the server says is wrong with a query; `line` and `column` count from 1. */
export interface Problem {
  message: string;
  line: number;
  column: number;
}

/** What an editor needs to know. `run` is called on Ctrl-Enter or Cmd-Enter, `changed` when somebody has changed the
 * text, `vocabulary` when names are wanted. */
export interface Setting {
  nonce: string;
  phrases: Readonly<Record<string, string>>;
  label: string;
  description: string;
  vocabulary: () => Promise<Vocabulary>;
  run: () => void;
  changed: (text: string) => void;
}

/** An editor, which shows one of several sheets of text; each keeps what can be undone in it. */
export interface Editor {
  /** Shows a sheet, with this text if it was not shown before. */
  show: (sheet: number, text: string) => void;
  /** Puts another text on the sheet that is shown; it can be undone. */
  replace: (text: string) => void;
  /** Forgets a sheet. */
  forget: (sheet: number) => void;
  /** Marks the place of a problem until the text changes; null for none. */
  mark: (problem: Problem | null) => void;
  focus: () => void;
}

const setProblem = StateEffect.define<Problem | null>();
const replacing = StateEffect.define<null>();
const problemField = StateField.define<Problem | null>({
  create: () => null,
  update: (problem, transaction) => {
    const told = transaction.effects.find((effect) => effect.is(setProblem));
    return told ? told.value : transaction.docChanged ? null : problem;
  },
});

/** Puts an editor in place of `area` and keeps the two equal. */
export function openEditor(area: HTMLTextAreaElement, setting: Setting): Editor {
  const extensions = extensionsOf(area, setting);
  const shelved = new Map<number, EditorState>();
  let shown: number | null = null;
  const view = new EditorView({ doc: area.value, extensions });
  area.before(view.dom);
  area.hidden = true;
  return {
    show: (sheet, text) => {
      if (shown !== null && shown !== sheet) shelved.set(shown, view.state);
      shown = sheet;
      view.setState(shelved.get(sheet) ?? EditorState.create({ doc: text, extensions }));
      area.value = view.state.doc.toString();
    },
    replace: (text) =>
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: 0 },
        effects: replacing.of(null),
        scrollIntoView: true,
      }),
    forget: (sheet) => {
      shelved.delete(sheet);
      if (shown === sheet) shown = null;
    },
    mark: (problem) => {
      view.dispatch({ effects: setProblem.of(problem) });
      forceLinting(view);
    },
    focus: () => view.focus(),
  };
}

function extensionsOf(area: HTMLTextAreaElement, setting: Setting): Extension {
  const { nonce, phrases, label, description, run, changed, vocabulary } = setting;
  const say = (phrase: string) => phrases[phrase] ?? phrase;
  return [
    EditorView.cspNonce.of(nonce),
    EditorState.phrases.of(phrases),
    EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": description, spellcheck: "false", tabindex: "0" }),
    keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }]),
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    sparql(),
    syntaxHighlighting(colours),
    problemField,
    autocompletion({
      override: [proposing(vocabulary)],
      activateOnTypingDelay: QUIET_BEFORE_PROPOSING,
      icons: false,
      maxRenderedOptions: 60,
    }),
    linter(checking(vocabulary, say), {
      delay: QUIET_BEFORE_CHECKING,
      needsRefresh: (update) => update.startState.field(problemField) !== update.state.field(problemField),
    }),
    lintGutter(),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
    theme,
    EditorView.domEventHandlers({ focus: () => void vocabulary() }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      area.value = update.state.doc.toString();
      const isOurs = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(replacing)));
      if (!isOurs) changed(area.value);
    }),
  ];
}

function proposing(vocabulary: () => Promise<Vocabulary>): CompletionSource {
  return async (context) => {
    const { state, pos, explicit } = context;
    // What nothing is proposed at while the names are on their way would be the answer for what is typed until then.
    context.addEventListener("abort", () => undefined, { onDocChange: true });
    const known = await vocabulary();
    const typed = state.sliceDoc(0, pos);
    const found = proposals(typed, state.sliceDoc(pos), known, explicit);
    if (!found) return null;
    const isWritten = found.options.some(({ insert }) => insert === typed.slice(found.from));
    if (isWritten && !explicit) return null;
    return { from: found.from, options: found.options.map((each) => completionOf(each, known)), filter: false };
  };
}

function completionOf(proposal: Proposal, vocabulary: Vocabulary): Completion {
  const { text, label, type, insert, missing } = proposal;
  return {
    label: text,
    type,
    ...(label && { detail: label }),
    apply: (view, _, from, to) => {
      const undeclared = undeclaredPrefixes(view.state.doc.toString(), to);
      const needed = [...(missing === null ? [] : [missing]), ...undeclared];
      const changes = view.state.changes([...declarations(view.state, needed, vocabulary), { from, to, insert }]);
      view.dispatch({
        changes,
        selection: { anchor: changes.mapPos(to, 1) },
        userEvent: "input.complete",
        scrollIntoView: true,
      });
    },
  };
}

/** The changes that declare those of the prefixes that are known here: one, or none where there is none. */
function declarations(state: EditorState, prefixes: Iterable<string>, { prefixes: known }: Vocabulary): ChangeSpec[] {
  const lines = [...new Set(prefixes)].filter((prefix) => prefix in known).map((prefix) => `PREFIX ${prefix}: <${known[prefix]}>\n`);
  if (!lines.length) return [];
  const query = state.doc.toString();
  const from = declarationPlace(query);
  const isInLine = from > 0 && query[from - 1] !== "\n";
  return [{ from, insert: `${isInLine ? "\n" : ""}${lines.join("")}` }];
}

function checking(vocabulary: () => Promise<Vocabulary>, say: (phrase: string) => string) {
  return async ({ state }: EditorView): Promise<Diagnostic[]> => {
    const problem = state.field(problemField);
    if (problem) return diagnosticOf(problem, state);
    const found = faults(state.doc.toString(), state.selection.main.head);
    const known = found.length ? await vocabulary() : null;
    return found.map((fault) => ({
      from: fault.from,
      to: fault.to,
      severity: "error",
      message: fault.prefix === null ? say("This is not valid SPARQL at this point.") : say("The prefix is not declared."),
      ...(known && { actions: remedies(fault, known, say) }),
    }));
  };
}

function remedies({ prefix }: Fault, vocabulary: Vocabulary, say: (phrase: string) => string): Action[] {
  if (prefix === null || !(prefix in vocabulary.prefixes)) return [];
  const apply = (view: EditorView) => view.dispatch({ changes: declarations(view.state, [prefix], vocabulary) });
  return [{ name: say("Declare it"), apply }];
}

/** The place of a problem; nothing where it has none. */
function diagnosticOf({ message, line, column }: Problem, state: EditorState): Diagnostic[] {
  if (!(line >= 1 && line <= state.doc.lines)) return [];
  const at = state.doc.line(line);
  const from = Math.min(at.from + Math.max((column || 1) - 1, 0), at.to);
  const isAtEnd = from === at.to;
  return [{ from: isAtEnd ? Math.max(at.from, from - 1) : from, to: at.to, severity: "error", message }];
}
