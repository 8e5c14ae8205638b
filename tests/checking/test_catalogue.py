"""The catalogue as JSON, for reports on findings that were made before."""

from crmgraph.checking import catalogue
from crmgraph.checking.catalogue import catalogue_from_json, catalogue_to_json
from crmgraph.resources import resource


def test_json_and_back_in_both_languages() -> None:
    checks = catalogue(resource("ontology") / "shapes")
    back = catalogue_from_json(catalogue_to_json(checks))
    assert back == checks
    assert [check.remedy.spanish for check in back] == [check.remedy.spanish for check in checks]
    assert [check.group.title.spanish for check in back] == [check.group.title.spanish for check in checks]
    assert len({check.code for check in back}) == len(back) > 50
