"""Claims: what is said of a thing on a ground of its own, and where sources disagree, each of the things they say."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from rdflib import DCTERMS, RDF, RDFS, SDO, SKOS, XSD, Dataset, Graph, Literal, URIRef

from crmgraph.describing.literals import date_literal
from crmgraph.describing.reference.hand import Hand, concept, read_cell
from crmgraph.describing.statements import Value, describe_statement
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

__all__ = ["describe_claims"]

Reader = Callable[[Hand, Row], Value]


@dataclass(frozen=True)
class _Property:
    """What a word in the column `property` stands for; `single` where a thing has one value of it (a language).

    It is `stated` unless it follows from what another table says.
    """

    predicate: URIRef
    reader: Reader
    single: bool = True
    stated: bool = True


def _text(language: str) -> Reader:
    return lambda _, row: Literal(row["value"], language)


def _date(_: Hand, row: Row) -> Value:
    return read_cell(row, "value", date_literal)


def _count(_: Hand, row: Row) -> Value:
    if not row["value"].isascii() or not row["value"].isdecimal() or row["value"] != str(int(row["value"])):
        raise row.problem("value", f'"{row["value"]}" is not a number such as 11')
    return Literal(row["value"], datatype=XSD.integer)


def _one_of(scheme: str, *names: str) -> Reader:
    def read(_: Hand, row: Row) -> Value:
        if row["value"] not in names:
            raise row.problem("value", f'"{row["value"]}" is not one of {", ".join(names)}')
        return concept(scheme, row["value"])

    return read


def _thing(hand: Hand, row: Row) -> Value:
    return hand.thing(row, "value", row["value"])


def _page(_: Hand, row: Row) -> Value:
    if not row["value"].startswith(("http://", "https://")):
        raise row.problem("value", f'"{row["value"]}" is not a web address')
    return URIRef(row["value"])


_PROPERTIES = {
    "label-es": _Property(RDFS.label, _text("es")),
    "label-en": _Property(RDFS.label, _text("en")),
    "alt-es": _Property(SKOS.altLabel, _text("es"), single=False),
    "alt-en": _Property(SKOS.altLabel, _text("en"), single=False),
    "alt-fr": _Property(SKOS.altLabel, _text("fr"), single=False),
    "alt-pt": _Property(SKOS.altLabel, _text("pt"), single=False),
    "hidden-es": _Property(SKOS.hiddenLabel, _text("es"), single=False),
    "hidden-en": _Property(SKOS.hiddenLabel, _text("en"), single=False),
    "title-es": _Property(DCTERMS.title, _text("es")),
    "since": _Property(CG.since, _date),
    "start-date": _Property(CG.startDate, _date),
    "end-date": _Property(CG.endDate, _date),
    "level": _Property(CG.processLevel, _one_of("process-level", "regional", "interregional", "global")),
    "role": _Property(CG.role, _one_of("membership-role", "member", "participant", "observer", "partner")),
    "member": _Property(CG.member, _thing, single=False, stated=False),
    "member-count": _Property(CG.memberCount, _count),
    "observer-organisation-count": _Property(CG.observerOrganisationCount, _count),
    "same-as": _Property(SDO.sameAs, _page, single=False),
}


def describe_claims(dataset: Dataset, hand: Hand, rows: tuple[Row, ...]) -> None:
    """The claims in `rows` about things that the dataset has, each a cg:Statement with the sources of its row.

    A claim is the value that its thing has, too, but for an alternative, which never is, and for members, who follow
    from memberships.
    Raises TableError where a value is not of its property, the thing is in no table, or rows cannot go together.
    """
    homes = {str(thing): graph for thing, _, _, graph in dataset.quads((None, RDF.type, None, None))}
    ranks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        ranks[row["subject"], row["property"]].append(row["rank"])
    for row in rows:
        subject = hand.iri(row["subject"])
        if str(subject) not in homes:
            raise row.problem("subject", f"no table has {row['subject']}; add its row there, or correct this cell")
        meant = _PROPERTIES[row["property"]]
        triple = (subject, meant.predicate, meant.reader(hand, row))
        graph = dataset.graph(homes[str(subject)])
        if meant.single:
            _check_company(row, ranks[row["subject"], row["property"]])
            _check_value(row, triple, graph)
        if meant.stated and row["rank"] != "alternative":
            graph.add(triple)
        _claim(row, triple, Hand(graph, hand.names, hand.known))


def _check_company(row: Row, ranks: list[str]) -> None:
    """That a value which only one row gives has no rank, and of several one is preferred."""
    if ranks != [""] and (ranks.count("preferred") != 1 or "alternative" not in ranks):
        raise row.problem(
            "rank",
            f"{row['property']} of {row['subject']} has ranks {', '.join(rank or 'none' for rank in ranks)}; "
            "where sources disagree, mark one value as preferred and every other as alternative",
        )


def _check_value(row: Row, triple: tuple[URIRef, URIRef, Value], graph: Graph) -> None:
    """That the table of the thing and this one agree."""
    subject, predicate, value = triple
    language = getattr(value, "language", None)
    has = [o for o in graph.objects(subject, predicate) if getattr(o, "language", None) == language]
    if row["rank"] == "alternative" and value in has:
        raise row.problem("rank", f'"{row["value"]}" is an alternative, but the value in the table of its thing')
    if row["rank"] != "alternative" and has and has != [value]:
        stands = "preferred" if row["rank"] else "claimed"
        raise row.problem("value", f'"{row["value"]}" is {stands}, but the table of its thing has {has[0]}')


def _claim(row: Row, triple: tuple[URIRef, URIRef, Value], hand: Hand) -> None:
    first, *others = hand.sources(row)
    statement = describe_statement(hand.graph, hand.names, triple, source=first)
    for source in others:
        hand.graph.add((statement, DCTERMS.source, source))
    hand.graph.add((statement, CG.confidence, concept("confidence", row["confidence"])))
    hand.say(row, statement, SKOS.note, "note")
    if row["rank"]:
        hand.graph.add((statement, CG.rank, concept("rank", row["rank"])))
