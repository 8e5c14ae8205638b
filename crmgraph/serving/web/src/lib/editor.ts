// The SPARQL editor: CodeMirror with our prefixes and terms to complete and the place of an error marked.

import {
  type CompletionSource,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completeFromList,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

// One word each: a label with a space in it would have the editor look for words across spaces.
const KEYWORDS = `ASK BIND BY COALESCE CONSTRUCT CONTAINS COUNT DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING
  LANG LIMIT MINUS NOT OFFSET OPTIONAL ORDER PREFIX SELECT STR UNION VALUES WHERE`.split(/\s+/);

const theme = EditorView.theme({
  "&": {
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontSize: "0.9rem",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "16rem", maxHeight: "60vh", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.7rem 0" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--soft)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", color: "inherit" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)" },
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

/** A term to propose: how it is written, and its label. */
export interface Term {
  label: string;
  detail: string;
}

/** What an editor needs to know; `run` is called on Ctrl-Enter or Cmd-Enter, `changed` after every change. */
export interface Setting {
  nonce: string;
  phrases: Record<string, string>;
  prefixes: Record<string, string>;
  terms: readonly Term[];
  label: string;
  run: () => void;
  changed: () => void;
}

/** Puts an editor in place of `area` and keeps the two equal. */
export function openEditor(area: HTMLTextAreaElement, setting: Setting): EditorView {
  const { nonce, phrases, prefixes, terms, label, run, changed } = setting;
  const words = [
    ...terms.map((term) => ({ ...term, type: "property" })),
    ...Object.entries(prefixes).map(([prefix, iri]) => ({ label: `${prefix}:`, detail: iri, type: "namespace" })),
    ...KEYWORDS.map((keyword) => ({ label: keyword, type: "keyword" })),
  ];
  const view = new EditorView({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
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
      autocompletion({ override: [completeFromList(words), declarePrefix(prefixes)], activateOnTyping: true }),
      lintGutter(),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
      theme,
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = view.state.doc.toString();
        changed();
      }),
    ],
  });
  area.before(view.dom);
  area.hidden = true;
  return view;
}

/** Completes `PREFIX cg` to the whole declaration. */
function declarePrefix(prefixes: Record<string, string>): CompletionSource {
  return (context) => {
    const before = context.matchBefore(/PREFIX\s+[\w-]*/i);
    if (!before) return null;
    const start = before.from + before.text.search(/[\w-]*$/);
    const options = Object.entries(prefixes).map(([prefix, iri]) => ({
      label: `${prefix}: <${iri}>`,
      type: "namespace",
    }));
    return { from: start, options, validFor: /^[\w-]*$/ };
  };
}

/** Puts another text in place of the editor's; it can be undone. */
export function setText(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
}

/** Marks the place of an error: `line` and `column` count from 1; no place, no mark. */
export function markError(view: EditorView, message: string, line: number, column: number): void {
  const marks: Diagnostic[] = [];
  if (line >= 1 && line <= view.state.doc.lines) {
    const at = view.state.doc.line(line);
    const from = Math.min(at.from + Math.max((column || 1) - 1, 0), at.to);
    marks.push({ from: from === at.to ? Math.max(at.from, from - 1) : from, to: Math.max(from, at.to), severity: "error", message });
  }
  view.dispatch(setDiagnostics(view.state, marks));
}
