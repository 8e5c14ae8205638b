"""Every format that is offered is a syntax of the engine."""

from crmgraph.sparql.formats import GRAPH_FORMATS, RDF_SYNTAXES, RESULT_FORMATS, RESULT_SYNTAXES


def test_each_has_the_media_type_that_the_engine_gives_it() -> None:
    assert {each.short: each.media_type for each in GRAPH_FORMATS} == {
        short: syntax.media_type for short, syntax in RDF_SYNTAXES.items()
    }
    assert {each.short for each in RESULT_FORMATS} == set(RESULT_SYNTAXES)
