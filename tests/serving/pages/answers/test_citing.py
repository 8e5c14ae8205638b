"""How an answer is cited, in words and for BibTeX."""

import re
from dataclasses import replace
from datetime import date

from crmgraph.serving.pages.answers.citing import Citation

CITATION = Citation(
    "Who takes part in 100% of R&D_{x}?",
    "https://w3id.org/crmgraph/queries/agents?lang=en",
    "10630d6f4b41",
    date(2026, 11, 28),
    "en",
)


def _fields(citation: Citation) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) *= \{(.*)\},$", citation.bibtex, re.MULTILINE))


def test_the_day_is_written_as_the_language_does() -> None:
    assert CITATION.day_in_words == "28 November 2026"
    assert replace(CITATION, language="es").day_in_words == "28 de noviembre de 2026"


def test_an_entry_has_all_that_leads_back_to_the_answer() -> None:
    fields = _fields(CITATION)
    assert fields["author"] == "{The crmgraph founders}"
    assert fields["url"] == "https://w3id.org/crmgraph/queries/agents?lang=en"
    assert fields["version"] == "10630d6f4b41"
    assert fields["urldate"] == "2026-11-28"


def test_what_means_something_to_latex_is_escaped() -> None:
    assert _fields(CITATION)["title"] == r"{Who takes part in 100\% of R\&D\_\{x\}?}"
    assert _fields(replace(CITATION, title=r"a\b ~ ^"))["title"] == (
        r"{a\textbackslash{}b \textasciitilde{} \textasciicircum{}}"
    )


def test_an_entry_keeps_its_key_on_another_day_and_has_another_for_other_data() -> None:
    key = CITATION.bibtex.partition(",")[0]
    assert re.fullmatch(r"@misc\{crmgraph-[0-9a-f]{8}", key)
    assert replace(CITATION, day=date(2027, 1, 1), title="Another").bibtex.partition(",")[0] == key
    assert replace(CITATION, dataset="ffff").bibtex.partition(",")[0] != key


def test_data_without_a_name_have_no_version() -> None:
    assert "version" not in _fields(replace(CITATION, dataset=""))
