"""How the dataset and parts of it are cited, in words and in each of the forms that programs read."""

import json
import re
from dataclasses import replace
from datetime import date

import yaml

from crmgraph.site.citing.citation import Citation
from crmgraph.site.citing.forms import BIBTEX, CFF, CITATIONS, CSL, RIS, TEXT

WHOLE = Citation(
    title="Grafo",
    part="",
    publisher="crmgraph",
    issued="2025-03-04",
    version="0.1",
    digest="abc",
    license="https://creativecommons.org/licenses/by/4.0/",
    url="https://x.org/",
    accessed=date(2026, 1, 2),
    language="es",
)
PART = replace(
    WHOLE,
    part="Who takes part in 50 % of «R&D»_{x}?",
    license="https://l.org/",
    url="https://x.org/queries/agents?lang=en",
    language="en",
)


def _key(citation: Citation) -> str:
    return citation.bibtex().partition(",")[0]


def test_in_words_it_tells_of_which_data_and_on_which_day() -> None:
    assert WHOLE.write(TEXT) == (
        "crmgraph (2025). Grafo, versión 0.1, datos abc. https://x.org/ (consultado el 2 de enero de 2026).\n"
    )
    assert PART.write(TEXT) == (
        "crmgraph (2025). “Who takes part in 50 % of «R&D»_{x}?”, in: Grafo, version 0.1, data abc. "
        "https://x.org/queries/agents?lang=en (accessed on 2 January 2026).\n"
    )


def test_what_is_quoted_in_a_quotation_has_other_marks() -> None:
    assert "“What is ‘pending’?”, in" in replace(PART, part="What is “pending”?").text()
    assert "«¿Qué está “pendiente”?», en" in replace(PART, part="¿Qué está «pendiente»?", language="es").text()


def test_a_long_digest_is_told_by_its_beginning_in_words_and_whole_elsewhere() -> None:
    long = replace(WHOLE, digest="0123456789abcdef")
    assert "datos 0123456789ab." in long.text()
    assert all("0123456789abcdef" in long.write(form) for form in CITATIONS if form != TEXT)


def test_the_dataset_in_each_form() -> None:
    assert WHOLE.write(BIBTEX).startswith("@misc{crmgraph-abc,\n  author = {{crmgraph}},\n  title = {{Grafo}},")
    assert "Y2  - 2026/01/02\r\n" in WHOLE.write(RIS)
    assert "PY  - 2025\r\n" in WHOLE.write(RIS)
    assert "  year = {2025}," in WHOLE.write(BIBTEX)
    [item] = json.loads(WHOLE.write(CSL))
    assert (item["accessed"], item["issued"]) == ({"date-parts": [[2026, 1, 2]]}, {"date-parts": [[2025, 3, 4]]})
    document = yaml.safe_load(WHOLE.write(CFF))
    assert (document["cff-version"], document["license"], document["type"]) == ("1.2.0", "CC-BY-4.0", "dataset")
    assert document["date-released"] == "2025-03-04"


def test_what_is_cited_is_part_of_the_dataset() -> None:
    assert "howpublished = {Grafo}" in PART.write(BIBTEX)
    assert "T2  - Grafo\r\n" in PART.write(RIS)
    assert json.loads(PART.write(CSL))[0]["container-title"] == "Grafo"
    assert yaml.safe_load(PART.write(CFF))["license-url"] == "https://l.org/"


def test_what_means_something_to_latex_is_escaped() -> None:
    assert "title = {{Who takes part in 50 \\% of «R\\&D»\\_\\{x\\}?}}" in PART.bibtex()
    odd = replace(PART, part=r"a\b ~ ^")
    assert r"{{a\textbackslash{}b \textasciitilde{} \textasciicircum{}}}" in odd.bibtex()


def test_a_part_keeps_its_key_on_another_day_and_has_another_for_other_data() -> None:
    assert re.fullmatch(r"@misc\{crmgraph-[0-9a-f]{8}", _key(PART))
    assert _key(replace(PART, accessed=date(2027, 1, 1), part="Another")) == _key(PART)
    assert _key(replace(PART, digest="ffff")) != _key(PART)


def test_of_data_that_say_nothing_of_themselves_nothing_is_said() -> None:
    bare = replace(PART, issued="", version="", digest="", license="")
    written = {form: bare.write(form) for form in CITATIONS}
    assert "in: Grafo. https" in written[TEXT]
    assert written[TEXT].startswith("crmgraph. “")
    assert not re.search("version|note|year", written[BIBTEX])
    assert not re.search("^(ET|N1|PY)", written[RIS], re.MULTILINE)
    assert (
        yaml.safe_load(written[CFF])
        .keys()
        .isdisjoint({"version", "identifiers", "license", "license-url", "date-released"})
    )
    assert {"version", "issued"}.isdisjoint(json.loads(written[CSL])[0])
