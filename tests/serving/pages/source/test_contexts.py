"""Quoted words among those around them."""

from crmgraph.site import Site
from crmgraph.site.source.contexts import contexts
from crmgraph.site.source.excerpt import Quotation, quotations

SOURCE = "https://w3id.org/crmgraph/id/source/crm"


def test_words_stand_in_their_line(site: Site) -> None:
    rows = site.select("SELECT ?p { ?x cg:code 'unresolved-cross-reference' ; cg:passage ?p }")
    [quotation] = quotations(site, [rows[0]["p"].value]).values()
    context = contexts(site, [quotation])[quotation.iri]
    assert context.before == "1.2.1 Ver actividades del objetivo "
    assert context.quotation.exact == "12"
    assert context.after.startswith(" del tema “Políticas y Gestión Migratoria”")


def test_before_and_after_are_of_the_document_and_not_too_long(site: Site) -> None:
    rows = site.select("SELECT DISTINCT ?p { ?x a cg:Finding ; cg:passage|cg:relatedPassage ?p }")
    quoted = quotations(site, (row["p"].value for row in rows))
    leaves = site.select("SELECT DISTINCT ?exact { ?x a cg:LeafPassage ; cg:exact ?exact }")
    whole = [row["exact"].value for row in leaves]
    assert len(quoted) > 50
    for context in contexts(site, quoted.values()).values():
        before, after = context.before.removeprefix("… "), context.after.removesuffix(" …")
        assert len(before) <= 90
        assert len(after) <= 90
        assert any(before in text for text in whole)
        assert any(after in text for text in whole)
        if before:
            assert any(before + context.quotation.exact in text for text in whole)


def test_a_long_line_is_cut_between_words(site: Site) -> None:
    rows = site.select("SELECT ?s ?e ?t { ?x a cg:LeafPassage ; cg:start ?s ; cg:end ?e ; cg:exact ?t }")
    leaf = max(rows, key=lambda row: len(row["t"].value))
    start, text = int(leaf["s"].value), leaf["t"].value
    middle = text.index(" ", len(text) // 2) + 1
    quotation = Quotation(SOURCE, start + middle, start + middle + 2, text[middle : middle + 2], f"{SOURCE}/x")
    context = contexts(site, [quotation])[quotation.iri]
    assert context.before.startswith("… ")
    assert text[:middle].endswith(" " + context.before.removeprefix("… "))
    assert context.after.endswith(" …")


def test_words_that_are_nowhere_stand_alone(site: Site) -> None:
    quotation = Quotation(SOURCE, 10**6, 10**6 + 3, "abc", f"{SOURCE}/x")
    context = contexts(site, [quotation])[quotation.iri]
    assert (context.before, context.after) == ("", "")
