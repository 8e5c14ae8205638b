"""The IRIs that a query names, each with its role: class, property, or any other thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmgraph.caching import memoize
from crmgraph.namespaces import PREFIXES
from crmgraph.sparql.engine import Role
from crmgraph.sparql.syntax import Token, TokenKind, declared_prefix_iris, keyword, prologue_length, tokenize
from crmgraph.sparql.workarounds import resolve_names

RDF_TYPE = PREFIXES["rdf"] + "type"
_LONGEST_CACHED = 16 * 1024
"""Characters of the longest query whose names are cached."""

_MOST_NAMES = 300
"""Number of different names that are read in a query; the others are left out."""

_NAMES = (TokenKind.IRI, TokenKind.PREFIXED_NAME)
_OTHER_TERMS = (TokenKind.VARIABLE, TokenKind.STRING, TokenKind.NUMBER, TokenKind.BLANK_NODE)
_OPENING, _CLOSING = ("{", "(", "[", "{|", "<<", "<<("), ("}", ")", "]", "|}", ">>", ")>>")
_KINDS = {"VALUES": "terms", "CONSTRUCT": "ignored", "SERVICE": "ignored"}
_PLACES = {".": "subject", ";": "predicate", ",": "object"}


@dataclass(frozen=True)
class NamedTerms:
    """The IRIs that a query names.

    Attributes:
        terms: The roles and the IRIs, each with whether it is named outside of OPTIONAL.
        namespaces: The namespace IRIs that the query declares.
        names_plan: Whether the query has FROM, GRAPH, a variable ?plan, or a string with the address of a plan.
    """

    terms: Mapping[tuple[Role, str], bool]
    namespaces: tuple[str, ...]
    names_plan: bool


@memoize(256, longest=_LONGEST_CACHED)
def read_terms(text: str, base_iri: str | None = None) -> NamedTerms:
    """Return the IRIs that a valid query names. For another text, no error is raised, but the result has no meaning.

    SERVICE clauses, the template of CONSTRUCT, functions, datatypes, new values and the arguments of STR are left out.
    """
    tokens = list(tokenize(text))
    start = prologue_length(tokens)
    body = tokens[start:]
    names = list(dict.fromkeys(token.text for token in body if token.kind in _NAMES))[:_MOST_NAMES]
    resolved = resolve_names(names, text[: body[0].start], base_iri) if names else None
    reader = _Reader({name: iri.value for name, iri in zip(names, resolved or (), strict=False)})
    for index, token in enumerate(body):
        reader.read(token, body[max(index - 2, 0) : index], body[index + 1 : index + 2])
    return NamedTerms(reader.terms, tuple(declared_prefix_iris(tokens[:start]).values()), any(map(_names_plan, body)))


def _names_plan(token: Token) -> bool:
    return (
        keyword(token) in ("FROM", "GRAPH")
        or (token.kind is TokenKind.VARIABLE and token.text[1:].lower().startswith("plan"))
        or (token.kind is TokenKind.STRING and "plan/" in token.text)
    )


@dataclass
class _Frame:
    """What is between two brackets.

    Attributes:
        kind: "triples"; "path"; "terms", which stand by themselves, also in expressions; or "ignored".
        is_optional: Whether it is inside OPTIONAL.
        place: The place of the next term in its triple: "subject", "predicate" or "object".
        path: The path at the place of the predicate so far: "", "type" for rdf:type alone, or "other".
        takes_step: Whether this path is incomplete.
        is_apart: Whether what comes before the next bracket is no triple, as after FILTER.
    """

    kind: str
    is_optional: bool = False
    place: str = "subject"
    path: str = ""
    takes_step: bool = True
    is_apart: bool = False

    def go_to(self, place: str) -> None:
        self.place, self.is_apart = place, False
        if place == "predicate":
            self.path, self.takes_step = "", True


@dataclass
class _Reader:
    """Reads the tokens of a query one by one into `terms`; `iris` has the IRI of each name.

    `opens` is the keyword that says what the next brace opens. `expects` is "datatype" or "graph" if the next name is
    one.
    """

    iris: Mapping[str, str]
    terms: dict[tuple[Role, str], bool] = field(default_factory=dict)
    frames: list[_Frame] = field(default_factory=lambda: [_Frame("terms")])
    opens: str = ""
    expects: str = ""

    def read(self, token: Token, before: list[Token], after: list[Token]) -> None:
        """Read a token, given the two tokens before it and the one after it."""
        frame = self.frames[-1]
        if token.kind is TokenKind.SYMBOL:
            self._read_symbol(frame, token.text)
        elif frame.kind != "ignored":
            if token.kind is TokenKind.WORD:
                self._read_word(frame, keyword(token))
            elif token.kind in _NAMES or token.kind in _OTHER_TERMS:
                iri = self.iris.get(token.text)
                if self.expects:
                    self._note(frame, "thing", iri if self.expects == "graph" else None)
                    self.expects = ""
                elif frame.kind == "path":
                    self._note(frame, "property", iri)
                elif frame.kind == "triples":
                    self._read_term(frame, iri)
                elif not (
                    [keyword(each) or each.text for each in before] == ["STR", "("]
                    or any(each.text == "(" or keyword(each) == "AS" for each in after)
                ):
                    self._note(frame, "thing", iri)

    def _note(self, frame: _Frame, role: Role, iri: str | None) -> None:
        if iri is not None:
            self.terms[role, iri] = self.terms.get((role, iri), False) or not frame.is_optional

    def _read_term(self, frame: _Frame, iri: str | None = None) -> None:
        """Read a term of a triple, or the bracket that begins one; `iri` is None if it is no IRI."""
        if frame.is_apart:
            return
        if frame.place == "subject":
            self._note(frame, "thing", iri)
            frame.go_to("predicate")
        elif frame.place == "predicate" and frame.takes_step:
            self._note(frame, "property", iri)
            frame.path = "type" if iri == RDF_TYPE and not frame.path else "other"
            frame.takes_step = False
        else:
            frame.place = "object"
            self._note(frame, "class" if frame.path == "type" else "thing", iri)

    def _read_word(self, frame: _Frame, word: str) -> None:
        if word in (*_KINDS, "OPTIONAL", "WHERE"):
            self.opens = word
        if frame.kind == "triples" and word in ("A", "TRUE", "FALSE"):
            self._read_term(frame, RDF_TYPE if word == "A" else None)
        elif frame.kind == "triples" and not frame.is_apart:
            frame.go_to("subject")
            self.expects = "graph" if word == "GRAPH" else ""
            frame.is_apart = word in ("FILTER", "BIND", "VALUES", "SERVICE")
            frame.kind = "terms" if word == "SELECT" else "triples"

    def _read_symbol(self, frame: _Frame, text: str) -> None:
        if text in _CLOSING and len(self.frames) > 1:
            self.frames.pop()
            if self.frames[-1].is_apart:
                self.frames[-1].go_to("subject")
        elif text in _OPENING:
            self._open(frame, text)
        elif text == "^^":
            self.expects = "datatype"
        elif frame.kind == "triples" and text in _PLACES:
            frame.go_to(_PLACES[text])
        elif frame.kind == "triples" and frame.place == "predicate":
            # An operator of a path.
            frame.path = "other"
            frame.takes_step = frame.takes_step or text in ("/", "|")

    def _open(self, frame: _Frame, text: str) -> None:
        is_optional, kind, place = frame.is_optional, "triples", "subject"
        if frame.kind == "ignored":
            kind = "ignored"
        elif text == "{":
            kind = _KINDS.get(self.opens, "triples")
            is_optional = is_optional or self.opens == "OPTIONAL"
            frame.go_to("subject")
            self.opens = ""
        else:
            takes_step = frame.kind == "triples" and frame.place == "predicate" and frame.takes_step
            if frame.kind == "triples" and text != "{|":
                self._read_term(frame)
            if text == "(":
                kind = "path" if frame.kind == "path" or (takes_step and not frame.is_apart) else "terms"
            elif text in ("[", "{|"):
                place = "predicate"
        self.frames.append(_Frame(kind, is_optional, place))
