"""A SPARQL update cut into its operations (SPARQL 1.1 Update, section 3), and RDF that it loads or somebody sends.

The engine takes declarations before the first operation alone, and no dataset beside the update."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from crmgraph.errors import (
    AnswerError,
    Bilingual,
    DataError,
    LimitError,
    QueryRefusedError,
    QueryTimeoutError,
    RemoteError,
)
from crmgraph.federation.fetching import Fetched, Fetcher
from crmgraph.sparql.engine import Limit
from crmgraph.sparql.formats import GRAPH_FORMATS, format_of_media_type
from crmgraph.sparql.rewriting import resolve_names
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
from crmgraph.sparql.unions import has_shared_triples
from crmgraph.texts import declares_entities, in_double_quotes

LONGEST_UPDATE = 4 * 2**20
"""Characters that an update may have."""

MOST_LOADS = 10
"""LOADs that an update may have where they are fetched."""

_LOAD = re.compile("LOAD( SILENT)? IRI(?: INTO GRAPH IRI)?")
_IRIS = (TokenKind.IRI, TokenKind.PREFIXED_NAME)

# What comes out otherwise where a solution is found more than once; all else that is written is a set. The engine takes
# these words where they run into a number, too. The signs make nodes in a template: lists, and reifiers (RDF 1.2).
_COUNTING = ("COUNT", "SUM", "AVG", "GROUP_CONCAT", "LIMIT", "OFFSET", "BNODE", "UUID", "RAND")
_NODES = ("(", "<<", "{|", "~")


class Load(NamedTuple):
    """A LOAD: the address, the IRI of the graph (None for the default graph), and whether it says SILENT."""

    address: str
    graph: str | None
    is_silent: bool


@dataclass(frozen=True)
class Operation:
    """An operation of an update: the declarations right before it, its tokens, and from where to where it stands.

    `base` and `prefixes` hold before these declarations; of the prefixes, those that the operation uses. Where nothing
    is written behind the last semicolon, there are no tokens.
    """

    update: str
    base: str | None
    prefixes: Mapping[str, str]
    prologue: Sequence[Token]
    tokens: Sequence[Token]
    start: int
    end: int

    @property
    def declarations(self) -> str:
        """The text of its own declarations."""
        return self.update[self.prologue[0].start : self.prologue[-1].end] + "\n" if self.prologue else ""

    @property
    def in_place(self) -> str:
        """The operation with its declarations where they stand in the update, and blank space before them."""
        start = self.prologue[0].start if self.prologue else self.start
        return re.sub(r"[^\r\n]", " ", self.update[:start]) + self.update[start : self.end]

    def iris(self, names: Sequence[str]) -> list[NamedNode] | None:
        """Return what names in the operation stand for; None where one stands for nothing."""
        return resolve_names(names, self.declarations, self.base, self.prefixes)

    def written(self, using: Sequence[str] = (), using_named: Sequence[str] = ()) -> str:
        """Return the operation for the engine, its pattern asked of these graphs (SPARQL 1.1 Protocol, 2.2.3).

        A graph that its own clauses name again is named once, for the engine would ask it twice.

        Raises QuerySyntaxError where it names a dataset itself, too.
        """
        clauses = [f"USING <{iri}>" for iri in dict.fromkeys(using)]
        clauses += [f"USING NAMED <{iri}>" for iri in dict.fromkeys(using_named)]
        edits = self._with_dataset(" ".join(clauses)) if clauses else self._without_repetitions()
        return self.declarations + apply_edits(self.update, edits, self.start, self.end)

    def load(self) -> Load | None:
        """Return what is loaded; None where it is no LOAD. Raises QuerySyntaxError where it is none that can be."""
        if not self.tokens or keyword(self.tokens[0]) != "LOAD":
            return None
        shape = _LOAD.fullmatch(" ".join("IRI" if token.kind in _IRIS else keyword(token) for token in self.tokens))
        names = self.iris([token.text for token in self.tokens if token.kind in _IRIS])
        if shape is None or names is None:
            raise syntax_error_at(
                self.update,
                self.tokens[0].start,
                Bilingual(
                    "this is not LOAD <address> or LOAD <address> INTO GRAPH <graph>, or its names are not declared",
                    "esto no es LOAD <dirección> ni LOAD <dirección> INTO GRAPH <grafo>, o sus nombres no están "
                    "declarados",
                ),
            )
        address, *graph = (name.value for name in names)
        return Load(address, graph[0] if graph else None, shape[1] is not None)

    def check_using(self, store: Store, using: Sequence[str]) -> None:
        """Raise QueryRefusedError where it asks graphs together that share statements, and that matters.

        These are named by its USING (SPARQL 1.1 Update, section 3.1.3), or beside the update. The engine's union of
        them is no set.
        """
        template = takewhile(lambda token: keyword(token) not in ("USING", "WHERE"), self.tokens)
        makes_nodes = any(token.kind is TokenKind.SYMBOL and token.text in _NODES for token in template)
        if makes_nodes or any(map(_counts, self.tokens)):
            names = [clause[1].text for clause in _using_clauses(self.tokens) if len(clause) == 2]
            # What is no SPARQL is told where it is carried out.
            graphs = dict.fromkeys(self.iris([*names, *(f"<{iri}>" for iri in using)]) or ())
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

    def _with_dataset(self, clauses: str) -> Iterator[Edit]:
        """Yield where clauses that name a dataset are put into an operation that has a pattern."""
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
            # DELETE WHERE takes no USING; its pattern is also its template.
            clauses = f"{self.update[where.end : self.tokens[-1].end]} {clauses}"
        yield where.start, where.start, f"{clauses} "

    def _without_repetitions(self) -> Iterator[Edit]:
        clauses = list(_using_clauses(self.tokens))
        iris = self.iris([clause[-1].text for clause in clauses]) if len(clauses) > 1 else None
        seen = set()
        # What is no IRI is told where it is carried out.
        for clause, iri in zip(clauses, iris or (), strict=False):
            if (len(clause), iri) in seen:
                yield clause[0].start, clause[-1].end, ""
            seen.add((len(clause), iri))


def operations_of(text: str, base_iri: str | None) -> list[Operation]:
    """Return the operations of an update that is sent to `base_iri`, in their order.

    Raises QueryRefusedError where it is longer than LONGEST_UPDATE, nests too deep or asks another service, and
    QuerySyntaxError where a keyword runs into a name, a semicolon follows nothing, or a variable or a blank node stands
    where it may not.
    """
    operations: list[Operation] = []
    base, prefixes = base_iri, dict[str, str]()
    blank_nodes: dict[tuple[str, str], int] = {}
    for found, start, end in _between_semicolons(checked_tokens(text, LONGEST_UPDATE)):
        if operations and not operations[-1].tokens:
            raise syntax_error_at(
                text,
                operations[-1].end - 1,
                Bilingual(
                    "there is no operation before this semicolon", "no hay ninguna operación antes de este punto y coma"
                ),
            )
        begin = prologue_length(found)
        prologue, rest = found[:begin], found[begin:]
        used = {token.text.partition(":")[0] for token in rest if token.kind is TokenKind.PREFIXED_NAME}
        known = {name: prefixes[name] for name in used if name in prefixes}
        operations.append(Operation(text, base, known, prologue, rest, rest[0].start if rest else start, end))
        _check_terms(text, rest, blank_nodes, len(operations))
        base, declared = _declared(text, prologue, base)
        prefixes |= declared
    return operations


def _between_semicolons(found: Sequence[Token]) -> Iterator[tuple[Sequence[Token], int, int]]:
    start = 0
    for index, (token, depth) in enumerate(_with_depth(found)):
        if token.text == ";" and depth == 0:
            yield found[start:index], token.start, token.end
            start = index + 1
    end = found[-1].end if found else 0
    yield found[start:], end, end


def _with_depth(found: Sequence[Token]) -> list[tuple[Token, int]]:
    """Return each token with the number of groups that are open behind it."""
    opened = (token.text.count("{") - token.text.count("}") if token.kind is TokenKind.SYMBOL else 0 for token in found)
    return list(zip(found, accumulate(opened), strict=True))


def _declared(text: str, prologue: Sequence[Token], base: str | None) -> tuple[str | None, Mapping[str, str]]:
    """Return the base behind declarations, and the prefixes in them; what are none the engine refuses itself."""
    if not prologue:
        return base, {}
    names = [token.text for token in prologue if token.kind is TokenKind.PREFIXED_NAME]
    bases = ["<>"] if any(keyword(token) == "BASE" for token in prologue) else []
    iris = resolve_names([*names, *bases], text[prologue[0].start : prologue[-1].end], base) or []
    found = {name.removesuffix(":"): iri.value for name, iri in zip(names, iris, strict=False)}
    return iris[-1].value if iris and bases else base, found


def _using_clauses(operation: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each USING (two) and USING NAMED (three)."""
    for index, token in enumerate(operation[:-1]):
        if keyword(token) == "USING":
            yield operation[index : index + (3 if keyword(operation[index + 1]) == "NAMED" else 2)]


def _counts(token: Token) -> bool:
    return (
        token.kind is TokenKind.BLANK_NODE
        or token.text.startswith("[")
        or any(word in keyword(token) for word in _COUNTING)
    )


def _check_terms(text: str, operation: Sequence[Token], seen: dict[tuple[str, str], int], number: int) -> None:
    """Check that data have no variables, and no two blocks of data, nor two patterns, a blank node in common.

    (SPARQL 1.1 Query Language, section 19.6.) The engine stumbles only behind the end of the statement.
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


_MOST_LOADED = 64 * 2**20
"""Bytes that an update may load."""

_ACCEPT = ", ".join(each.media_type for each in GRAPH_FORMATS)
_BY_ENDING = {f".{each.extension}": each.media_type for each in GRAPH_FORMATS}
# What servers of files say of an ending that they do not know.
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml")


def documents_of(loads: Sequence[Load], fetcher: Fetcher, limit: Limit) -> tuple[Fetched | None, ...]:
    """Fetch the document of each LOAD of an update; None where a SILENT one finds nothing.

    Raises QueryRefusedError for an address that is not allowed, LimitError where they are too large together,
    RemoteError where an address has no RDF, and what the fetcher raises.
    """
    documents: list[Fetched | None] = []
    size = 0
    for load in loads:
        document = _document(load, fetcher, limit)
        size += len(document.body) if document else 0
        if size > _MOST_LOADED:
            raise LimitError(
                Bilingual(
                    f"What the update loads has more than {_MOST_LOADED} bytes. Load less at a time.",
                    f"Lo que carga la actualización tiene más de {_MOST_LOADED} bytes. Cargue menos a la vez.",
                )
            )
        documents.append(document)
    return tuple(documents)


def _document(load: Load, fetcher: Fetcher, limit: Limit) -> Fetched | None:
    try:
        found = fetcher.fetch("GET", load.address, {"Accept": _ACCEPT}, limit)
        return replace(found, media_type=_media_type(load.address, found))
    except QueryTimeoutError:
        raise
    except AnswerError:
        limit.seconds_left()
        if load.is_silent:
            return None
        raise


def _media_type(address: str, found: Fetched) -> str:
    """Return the syntax of a document. Raises RemoteError where that is no RDF that is known."""
    media_type: str | None = found.media_type
    if media_type in _VAGUE:
        media_type = _BY_ENDING.get(PurePosixPath(urlsplit(found.url).path).suffix.lower())
    elif format_of_media_type(found.media_type) not in GRAPH_FORMATS:
        media_type = None
    if found.status != 200 or media_type is None:
        said = f"{found.status}, {found.media_type}" if found.media_type else str(found.status)
        raise RemoteError(Bilingual(f"{address} gave no RDF ({said}).", f"{address} no dio RDF ({said})."))
    if found.charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise RemoteError(
            Bilingual(
                f"{address} is in {found.charset}, and RDF is read in UTF-8.",
                f"{address} está en {found.charset}, y RDF se lee en UTF-8.",
            )
        )
    return media_type


_LONGEST_SAID = 200
"""Characters of the engine's words that are passed on: it quotes what it does not understand, of any length."""


def read_rdf(body: bytes, media_type: str, base_iri: str | None, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """Yield the statements in a body, all of them in one graph; its blank nodes are none that there were before.

    Raises DataError, with line and column where the engine tells them, for what is not in this syntax, for statements
    in named graphs, and for XML that declares entities other than the beginnings of IRIs.
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
        if declares_entities(body):
            raise DataError(
                Bilingual(
                    "RDF/XML with entities other than beginnings of IRIs is not accepted. Write what they stand for.",
                    "No se acepta RDF/XML con entidades que no sean comienzos de IRI. Escriba lo que representan.",
                )
            )
        text = in_double_quotes(text)
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
        raise DataError(_explained(known.label, said_of(error)), error.lineno, error.offset) from None


def _explained(label: str, said: str) -> Bilingual:
    if said.startswith("Named graphs are not allowed"):
        return Bilingual(
            f"The {label} names graphs of its own, and all goes into one graph here. Send it without their names.",
            f"El {label} nombra grafos propios, y aquí todo va a un solo grafo. Envíelo sin sus nombres.",
        )
    if "LoadDocumentCallback" in said:
        return Bilingual(
            f"The {label} names a context that stands elsewhere, and nothing is fetched. Write the context into it.",
            f"El {label} nombra un contexto que está en otra parte, y no se trae nada. Escriba el contexto en él.",
        )
    return Bilingual(f"This is not {label}: {said}.", f"Esto no es {label}: {said}.")


def said_of(error: SyntaxError) -> str:
    """Return what the engine says is wrong, in a few words, without the place, which the error has besides."""
    said = re.sub("^Parser error .*?: ", "", error.msg)
    return said if len(said) <= _LONGEST_SAID else f"{said[: _LONGEST_SAID - 1]}…"
