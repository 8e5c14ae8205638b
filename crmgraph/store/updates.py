"""Parser of SPARQL updates, and of the RDF documents that clients send.

An update is split into its operations (SPARQL 1.1 Update, section 3), and each is rewritten for the engine. The engine
accepts a prologue only before the first operation, and no USING parameters of the protocol.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from crmgraph.errors import (
    Bilingual,
    DataError,
    Place,
    QueryRefusedError,
)
from crmgraph.files import double_quote_entities, has_unsafe_entities
from crmgraph.sparql.formats import GRAPH_FORMATS, format_of_media_type
from crmgraph.sparql.syntax import (
    Edit,
    Token,
    TokenKind,
    apply_edits,
    checked_tokens,
    keyword,
    prologue_length,
    syntax_error_at,
)
from crmgraph.sparql.workarounds import has_shared_triples, resolve_names

LONGEST_UPDATE = 4 * 2**20
"""The longest update that is accepted, in code points."""

_LOAD = re.compile("LOAD( SILENT)? IRI(?: INTO GRAPH IRI)?")
_IRIS = (TokenKind.IRI, TokenKind.PREFIXED_NAME)

# Keywords whose result depends on how often a solution occurs; everything else that an update writes is a set. The
# engine accepts these keywords directly after a number, too.
_MULTIPLICITY_KEYWORDS = ("COUNT", "SUM", "AVG", "GROUP_CONCAT", "LIMIT", "OFFSET", "BNODE", "UUID", "RAND")
# Tokens that create a blank node for each solution when they are in a template: lists, and reifiers (RDF 1.2).
_NODE_SIGNS = ("(", "<<", "{|", "~")


@dataclass(frozen=True)
class Operation:
    """One operation of an update, with the prologue (BASE and PREFIX declarations) directly before it.

    Attributes:
        update: The text of the whole update.
        base: The base IRI in force before the prologue.
        prefixes: The prefixes declared before the prologue that the operation uses.
        prologue_tokens: The tokens of the prologue.
        tokens: The tokens of the operation. There are none after a semicolon at the end of the update.
        start: The code point offset of the operation in the update.
        end: The code point offset after the operation.
    """

    update: str
    base: str | None
    prefixes: Mapping[str, str]
    prologue_tokens: Sequence[Token]
    tokens: Sequence[Token]
    start: int
    end: int

    @property
    def prologue(self) -> str:
        """The text of the prologue, with a line break at its end; empty if there is no prologue."""
        return (
            self.update[self.prologue_tokens[0].start : self.prologue_tokens[-1].end] + "\n"
            if self.prologue_tokens
            else ""
        )

    @property
    def padded_text(self) -> str:
        """The prologue and the operation, at their lines and columns in the update; spaces replace earlier text."""
        start = self.prologue_tokens[0].start if self.prologue_tokens else self.start
        return re.sub(r"[^\r\n]", " ", self.update[:start]) + self.update[start : self.end]

    def expand_names(self, names: Sequence[str]) -> list[NamedNode] | None:
        """Return the IRIs of names used in the operation; None if a prefix is not declared or an IRI is invalid."""
        return resolve_names(names, self.prologue, self.base, self.prefixes)

    def text_for_engine(self, using: Sequence[str] = (), using_named: Sequence[str] = ()) -> str:
        """Return the operation as the engine accepts it, with its prologue.

        `using` and `using_named` are the graphs that the client sends as parameters (SPARQL 1.1 Protocol, 2.2.3); they
        become USING clauses. Duplicate USING clauses are removed, since the engine would query such a graph twice.
        Raises QuerySyntaxError if there are such parameters and the operation has its own USING or WITH.
        """
        clauses = [f"USING <{iri}>" for iri in dict.fromkeys(using)]
        clauses += [f"USING NAMED <{iri}>" for iri in dict.fromkeys(using_named)]
        edits = self._dataset_edits(" ".join(clauses)) if clauses else self._duplicate_using_edits()
        return self.prologue + apply_edits(self.update, edits, self.start, self.end)

    def named_graphs(self, store: Store, using: Sequence[str], using_named: Sequence[str]) -> list[str]:
        """Return the named graphs of the dataset that WHERE is evaluated over, in SPARQL syntax.

        They are those of USING NAMED or of the parameters, if there are any, and otherwise all in the store.
        """
        clauses = list(_using_clauses(self.tokens))
        named = [clause[-1].text for clause in clauses if len(clause) == 3]
        given = self.expand_names([*named, *(f"<{iri}>" for iri in using_named)]) or ()
        graphs = given if clauses or using or using_named else store.named_graphs()
        return [str(graph) for graph in dict.fromkeys(graphs) if isinstance(graph, NamedNode)]

    @property
    def is_load(self) -> bool:
        """Whether this is a LOAD operation, which is never carried out."""
        return keyword(self.tokens[0]) == "LOAD" if self.tokens else False

    def check_load(self) -> None:
        """Raise QueryRefusedError for a LOAD operation, unless it is LOAD SILENT, which does nothing when it fails.

        Raises QuerySyntaxError for a malformed LOAD.
        """
        if not self.is_load:
            return
        shape = _LOAD.fullmatch(" ".join("IRI" if token.kind in _IRIS else keyword(token) for token in self.tokens))
        if shape is None:
            raise syntax_error_at(
                self.update,
                self.start,
                Bilingual(
                    "this is not LOAD <address> or LOAD <address> INTO GRAPH <graph>",
                    "esto no es LOAD <dirección> ni LOAD <dirección> INTO GRAPH <grafo>",
                ),
            )
        if shape[1] is None:
            at = Place.of(self.update, self.start)
            raise QueryRefusedError(
                Bilingual(
                    f"LOAD (line {at.line}, column {at.column}) is not carried out here: nothing is fetched from other "
                    "addresses. Send the data themselves, by PUT or POST to /graphs, or have the operator add them by "
                    "`crmgraph load`.",
                    f"LOAD (línea {at.line}, columna {at.column}) no se ejecuta aquí: no se trae nada de otras "
                    "direcciones. Envíe los datos mismos, con PUT o POST a /graphs, o pida al administrador que los "
                    "añada con `crmgraph load`.",
                )
            )

    def check_using(self, store: Store, using: Sequence[str]) -> None:
        """Raise QueryRefusedError if statements that several graphs of USING share would change the result.

        The graphs are those of the USING clauses (SPARQL 1.1 Update, section 3.1.3) and those in `using`. The engine
        returns a statement once for each of these graphs that contains it. This matters if the operation counts,
        limits, or creates nodes.
        """
        template = takewhile(lambda token: keyword(token) not in ("USING", "WHERE"), self.tokens)
        makes_nodes = any(token.kind is TokenKind.SYMBOL and token.text in _NODE_SIGNS for token in template)
        if makes_nodes or any(map(_depends_on_multiplicity, self.tokens)):
            names = [clause[1].text for clause in _using_clauses(self.tokens) if len(clause) == 2]
            # A syntax error is reported later, when the operation is carried out.
            graphs = dict.fromkeys(self.expand_names([*names, *(f"<{iri}>" for iri in using)]) or ())
            if len(graphs) > 1 and has_shared_triples(store, list(graphs)):
                raise QueryRefusedError(
                    Bilingual(
                        "An operation asks several graphs together by USING and counts, cuts off or makes new nodes; "
                        "but these graphs have statements in common, which would be found once for each. Name one "
                        "graph, or keep what they share in one of them. Nothing was changed.",
                        "Una operación pregunta a varios grafos a la vez con USING y cuenta, recorta o crea nodos "
                        "nuevos; pero esos grafos tienen afirmaciones en común, que se encontrarían una vez por cada "
                        "uno. Nombre un solo grafo, o deje lo que comparten en uno de ellos. No se cambió nada.",
                    )
                )

    def _dataset_edits(self, clauses: str) -> Iterator[Edit]:
        """Yield the edits that insert USING clauses into an operation with a WHERE clause."""
        top = {keyword(token): token for token, depth in reversed(_with_depth(self.tokens)) if depth == 0}
        where = top.get("WHERE")
        if where is None:
            return
        named = top.get("WITH") or top.get("USING")
        if named is not None:
            raise syntax_error_at(
                self.update,
                named.start,
                Bilingual(
                    "the update names its graphs by USING or WITH, so none can be named beside it by using-graph-uri "
                    "or using-named-graph-uri",
                    "la actualización nombra sus grafos con USING o WITH, así que no se pueden nombrar otros con "
                    "using-graph-uri o using-named-graph-uri",
                ),
            )
        if [keyword(token) for token in self.tokens[:2]] == ["DELETE", "WHERE"]:
            # DELETE WHERE does not allow USING, so its pattern is repeated as the template of DELETE.
            clauses = f"{self.update[where.end : self.tokens[-1].end]} {clauses}"
        yield where.start, where.start, f"{clauses} "

    def _duplicate_using_edits(self) -> Iterator[Edit]:
        """Yield the edits that remove repeated USING clauses."""
        clauses = list(_using_clauses(self.tokens))
        iris = self.expand_names([clause[-1].text for clause in clauses]) if len(clauses) > 1 else None
        seen = set()
        # An invalid IRI is reported later, when the operation is carried out.
        for clause, iri in zip(clauses, iris or (), strict=False):
            if (len(clause), iri) in seen:
                yield clause[0].start, clause[-1].end, ""
            seen.add((len(clause), iri))


def operations_of(text: str, base_iri: str | None) -> list[Operation]:
    """Return the operations of an update, in their order. Relative IRIs are resolved against `base_iri`.

    Raises QueryRefusedError if the update is longer than LONGEST_UPDATE, is nested too deeply or contains SERVICE.
    Raises QuerySyntaxError for a keyword without a space between it and a name, for an empty operation, and for a
    variable or blank node that is not allowed.
    """
    operations: list[Operation] = []
    base, prefixes = base_iri, dict[str, str]()
    blank_nodes: dict[tuple[str, str], int] = {}
    for tokens, start, end in _between_semicolons(checked_tokens(text, LONGEST_UPDATE)):
        if operations and not operations[-1].tokens:
            raise syntax_error_at(
                text,
                operations[-1].end - 1,
                Bilingual(
                    "there is no operation before this semicolon", "no hay ninguna operación antes de este punto y coma"
                ),
            )
        begin = prologue_length(tokens)
        prologue_tokens, rest = tokens[:begin], tokens[begin:]
        used = {token.text.partition(":")[0] for token in rest if token.kind is TokenKind.PREFIXED_NAME}
        operations.append(
            Operation(
                text,
                base,
                {name: prefixes[name] for name in used if name in prefixes},
                prologue_tokens,
                rest,
                rest[0].start if rest else start,
                end,
            )
        )
        _check_terms(text, rest, blank_nodes, len(operations))
        base, declared = _read_prologue(text, prologue_tokens, base)
        prefixes |= declared
    return operations


def _between_semicolons(tokens: Sequence[Token]) -> Iterator[tuple[Sequence[Token], int, int]]:
    """Yield the tokens between semicolons outside braces, each with the start and end offsets of the semicolon."""
    start = 0
    for index, (token, depth) in enumerate(_with_depth(tokens)):
        if token.text == ";" and depth == 0:
            yield tokens[start:index], token.start, token.end
            start = index + 1
    end = tokens[-1].end if tokens else 0
    yield tokens[start:], end, end


def _with_depth(tokens: Sequence[Token]) -> list[tuple[Token, int]]:
    """Return each token with the number of braces that are open after it."""
    opened = (
        token.text.count("{") - token.text.count("}") if token.kind is TokenKind.SYMBOL else 0 for token in tokens
    )
    return list(zip(tokens, accumulate(opened), strict=True))


def _read_prologue(
    text: str, prologue_tokens: Sequence[Token], base: str | None
) -> tuple[str | None, Mapping[str, str]]:
    """Return the base IRI after a prologue, and the prefixes that the prologue declares.

    An invalid declaration is ignored here, since the engine reports it.
    """
    if not prologue_tokens:
        return base, {}
    names = [token.text for token in prologue_tokens if token.kind is TokenKind.PREFIXED_NAME]
    bases = ["<>"] if any(keyword(token) == "BASE" for token in prologue_tokens) else []
    iris = resolve_names([*names, *bases], text[prologue_tokens[0].start : prologue_tokens[-1].end], base) or []
    found = {name.removesuffix(":"): iri.value for name, iri in zip(names, iris, strict=False)}
    return iris[-1].value if iris and bases else base, found


def _using_clauses(operation: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each USING clause (two tokens) and USING NAMED clause (three tokens)."""
    for index, token in enumerate(operation[:-1]):
        if keyword(token) == "USING":
            yield operation[index : index + (3 if keyword(operation[index + 1]) == "NAMED" else 2)]


def _depends_on_multiplicity(token: Token) -> bool:
    """Return whether the meaning of a token depends on how often a solution occurs: COUNT, or a blank node."""
    return (
        token.kind is TokenKind.BLANK_NODE
        or token.text.startswith("[")
        or any(word in keyword(token) for word in _MULTIPLICITY_KEYWORDS)
    )


def _check_terms(text: str, operation: Sequence[Token], seen: dict[tuple[str, str], int], number: int) -> None:
    """Raise QuerySyntaxError for a variable in a DATA operation, and for a blank node label used in two operations.

    Labels may be repeated inside one operation only: of INSERT DATA, DELETE DATA, or in a WHERE clause (SPARQL 1.1
    Query Language, section 19.6). The engine would report such an error only at the end of the operation. `seen` maps
    each kind of block and label to the number of the operation that uses the label; it is extended.
    """
    words = [keyword(token) for token in operation]
    where = words.index("WHERE") if "WHERE" in words else len(words)
    is_data = words[1:2] == ["DATA"]
    for index, token in enumerate(operation):
        if is_data and token.kind is TokenKind.VARIABLE:
            raise syntax_error_at(
                text,
                token.start,
                Bilingual(
                    f"{token.text} is a variable, and {words[0]} DATA has none; write a term, or {words[0]} {{ … }} "
                    "WHERE { … }",
                    f"{token.text} es una variable, y {words[0]} DATA no lleva ninguna; escriba un término, o "
                    f"{words[0]} {{ … }} WHERE {{ … }}",
                ),
            )
        block = f"{words[0]} DATA" if is_data else "WHERE" if index > where else ""
        if token.kind is TokenKind.BLANK_NODE and block and seen.setdefault((block, token.text), number) != number:
            raise syntax_error_at(
                text,
                token.start,
                Bilingual(
                    f"{token.text} stands in an earlier {block} too, and a blank node belongs to one of them. Write "
                    "both in one, or another name here",
                    f"{token.text} está también en un {block} anterior, y un nodo anónimo pertenece a uno solo. "
                    "Escriba ambos en uno, o aquí otro nombre",
                ),
            )


_MAX_PARSER_MESSAGE = 200
"""The most code points of a parser message that are shown. The parser may quote text of any length."""


def read_rdf(body: bytes, media_type: str, base_iri: str | None, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """Yield the statements of an RDF document, all of them in `graph`; its blank nodes get new labels.

    Raises DataError for a syntax error, with line and column if the parser reports them; for statements in named
    graphs; and for XML that declares entities other than namespace prefixes.
    """
    known = format_of_media_type(media_type)
    if known is None or known not in GRAPH_FORMATS:
        offered = ", ".join(each.media_type for each in GRAPH_FORMATS)
        raise DataError(
            Bilingual(
                f"RDF is accepted as {offered}, not as {media_type or 'a body without a type'}.",
                f"Se acepta RDF como {offered}, no como {media_type or 'un cuerpo sin tipo'}.",
            )
        )
    text = body.removeprefix(BOM_UTF8)
    if known.short == "rdf":
        if has_unsafe_entities(body):
            raise DataError(
                Bilingual(
                    "RDF/XML with entities other than beginnings of IRIs is not accepted. Write what they stand for.",
                    "No se acepta RDF/XML con entidades que no sean comienzos de IRI. Escriba lo que representan.",
                )
            )
        text = double_quote_entities(text)
    try:
        for quad in parse(
            text,
            RdfFormat.from_media_type(known.media_type),
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        ):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise DataError(_syntax_message(known.label, parser_message(error)), error.lineno, error.offset) from None


def _syntax_message(label: str, detail: str) -> Bilingual:
    if detail.startswith("Named graphs are not allowed"):
        return Bilingual(
            f"The {label} names graphs of its own, and all goes into one graph here. Send it without their names.",
            f"El {label} nombra grafos propios, y aquí todo va a un solo grafo. Envíelo sin sus nombres.",
        )
    if "LoadDocumentCallback" in detail:
        return Bilingual(
            f"The {label} names a context that stands elsewhere, and nothing is fetched. Write the context into it.",
            f"El {label} nombra un contexto que está en otra parte, y no se trae nada. Escriba el contexto en él.",
        )
    return Bilingual(f"This is not {label}: {detail}.", f"Esto no es {label}: {detail}.")


def parser_message(error: SyntaxError) -> str:
    """Return the message of the parser for a syntax error, shortened and without the position."""
    detail = re.sub("^Parser error .*?: ", "", error.msg)
    return detail if len(detail) <= _MAX_PARSER_MESSAGE else f"{detail[: _MAX_PARSER_MESSAGE - 1]}…"
