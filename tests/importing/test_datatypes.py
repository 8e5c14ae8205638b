"""Literals that are of their types, and those that are not."""

import pytest

from crmgraph.importing.datatypes import is_of_type

SCHEMA = "http://www.w3.org/2001/XMLSchema#"
RIGHT = {
    "boolean": ["true", "0"],
    "decimal": ["-1.5", ".5", "7."],
    "double": ["1e6", "-INF", "NaN", "+.5E-3"],
    "integer": ["-007", "9" * 5000],
    "nonNegativeInteger": ["-0", "12"],
    "byte": ["-128", "+127"],
    "date": ["2020-02-29", "-0044-03-15", "12020-01-01Z", "2000-02-29+14:00", "0000-02-29"],
    "dateTime": ["2020-01-01T24:00:00", "2020-01-01T00:00:00.123-06:00"],
    "time": ["23:59:59Z"],
    "gYear": ["2020", "-0001"],
    "gYearMonth": ["2020-12"],
    "gMonthDay": ["--02-29"],
    "gMonth": ["--02"],
    "gDay": ["---31"],
    "duration": ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT1S"],
    "yearMonthDuration": ["P1Y2M"],
    "dayTimeDuration": ["P1DT1H"],
    "hexBinary": ["", "0aFF"],
    "base64Binary": ["", "YQ==", "YWI=", "YW Jj"],
    "language": ["es-419"],
    "token": ["", "a b"],
    "normalizedString": [" a  b "],
    "string": ["\n"],
    "anyURI": ["a b"],
}
WRONG = {
    "boolean": ["yes", "TRUE", ""],
    "decimal": ["1e6", "1,5", "."],
    "double": ["inf", "1e"],
    "integer": ["1.0", "", "１"],
    "nonNegativeInteger": ["-1"],
    "byte": ["128", "-129"],
    "date": ["2020-02-30", "1900-02-29", "2021-04-31", "20-01-01", "2020-13-01", " 2020-01-01", "2020-01-01T00:00:00"],
    "dateTime": ["2020-01-01", "2020-01-01T24:00:01", "2021-02-29T00:00:00"],
    "dateTimeStamp": ["2020-01-01T00:00:00"],
    "time": ["24:01:00"],
    "gYear": ["20", "02020"],
    "gMonthDay": ["--02-30"],
    "gDay": ["---32"],
    "duration": ["P", "PT", "P1YT", "1Y"],
    "yearMonthDuration": ["P1D"],
    "hexBinary": ["abc"],
    "base64Binary": ["YQ=", "Y"],
    "language": ["español"],
    "token": [" a", "a  b"],
    "normalizedString": ["a\tb"],
}


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, all in RIGHT.items() for words in all])
def test_right(name: str, words: str) -> None:
    assert is_of_type(words, SCHEMA + name)


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, all in WRONG.items() for words in all])
def test_wrong(name: str, words: str) -> None:
    assert not is_of_type(words, SCHEMA + name)


def test_of_other_types_nothing_is_known() -> None:
    assert is_of_type("x", "http://www.opengis.net/ont/geosparql#wktLiteral")
