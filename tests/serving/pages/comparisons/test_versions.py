"""Versions of a plan in the dataset, and on the pages."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.building import SOURCE, Manifest, build, versions
from crmgraph.errors import UsageError
from crmgraph.namespaces import Names
from crmgraph.site import Site, pages_router
from crmgraph.site.comparisons.versions import version, versions_of
from crmgraph.sparql import Pool
from crmgraph.storing import STORE
from tests.support.clients import client_of
from tests.support.pages import read_page

ID = "https://w3id.org/crmgraph/id/plan/"
CHANGES_2006 = (
    ("7.1 Retorno digno, seguro y ordenado", "7.1 Retorno digno y ordenado"),
    ("\t1.1.1.1 Continuo", "\t1.1.1.1 Pendiente"),
)
CHANGES_2005 = (
    ("9. Cooperación técnica para capacitar", "9. Cooperación para capacitar"),
    ("La OIM preparara", "El ACNUR preparara"),
    ("CONFERENCIA REGIONAL SOBRE MIGRACION (CRM)", "BORRADOR"),
    ("9.1.1 Seminarios", "9.1.7 Seminarios"),
    ("9.1.1.1 Continuo", "9.1.7.1 Continuo"),
)

CHANGES_2004 = (
    ("\n11.1.2 Participación de la PPT/ST en diversos foros como el FYBEMID, la CSM, la CEAM,  etc.\n", "\n"),
    (
        "\n11.1.2.1 Continuo – los lineamientos de este tipo de participaciones se definirán en la XIV CRM en "
        "Guatemala\n",
        "\n",
    ),
    ("según temática a abordar\n", "según temática a abordar\n\n9.1.2 Becas para funcionarios\n"),
    ("1. Pleno respeto a las disposiciones existentes", "1. Respeto a las disposiciones existentes"),
)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[tuple[Site, Client, Manifest]]:
    folder = tmp_path_factory.mktemp("versions")
    plans = folder / "plans"
    plans.mkdir()
    text = SOURCE.read_bytes().decode()
    for year, changes in (("2006", CHANGES_2006), ("2005", CHANGES_2005), ("2004", CHANGES_2004)):
        for now, then in changes:
            assert now in text
            text = text.replace(now, then, 1)
        (plans / f"crm@{year}.txt").write_bytes(text.encode())
    manifest = build(folder / "build", Names(), plans=plans)
    with Pool(manifest.folder(folder / "build") / STORE, memory_bytes=2**30) as pool:
        here = replace(site, pool=pool, digest=manifest.dataset)
        app = FastAPI()
        app.include_router(pages_router(here))
        with client_of(app, accept="text/html") as client:
            yield here, client, manifest


def test_each_version_is_compared_with_the_next(there: tuple[Site, Client, Manifest]) -> None:
    site = there[0]
    assert [(each.iri, each.following) for each in versions_of(site, f"{ID}crm")] == [
        (f"{ID}crm-2006", f"{ID}crm"),
        (f"{ID}crm-2005", f"{ID}crm-2006"),
        (f"{ID}crm-2004", f"{ID}crm-2005"),
    ]
    found = version(site, f"{ID}crm-2006", "es")
    assert found is not None
    told = {each.new.removeprefix(ID): each for each in found.revisions}
    assert {path: each.kinds for path, each in told.items()} == {
        "crm/pgm/7.1": ("reworded",),
        "crm/pgm/1.1.1": ("rescheduled",),
    }
    assert ("digno, seguro", "new") in told["crm/pgm/7.1"].pieces
    assert told["crm/pgm/1.1.1"].notes == ("Pendiente → Continuo",)
    assert found.unchanged > 90
    earlier = version(site, f"{ID}crm-2005", "en")
    assert earlier is not None
    assert [(each.new, each.kinds) for each in earlier.revisions] == [
        (f"{ID}crm-2006/pgm/1.2.1", ("reassigned",)),
        (f"{ID}crm-2006/pgm/9", ("reworded",)),
        (f"{ID}crm-2006/pgm/9.1.1", ("renumbered",)),
    ]
    assert version(site, f"{ID}crm-1999", "es") is None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Alto Comisionado de las Naciones Unidas para los Refugiados → –"),
        ("en", "United Nations High Commissioner for Refugees → –"),
    ],
)
def test_who_was_named_and_is_is_called_as_the_page_calls_them(
    there: tuple[Site, Client, Manifest], language: str, said: str
) -> None:
    found = version(there[0], f"{ID}crm-2005", language)
    assert found is not None
    assert found.revisions[0].notes == (said,)


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_was_added_and_dropped_stands_alone(there: tuple[Site, Client, Manifest], language: str) -> None:
    found = version(there[0], f"{ID}crm-2004", language)
    assert found is not None
    assert [(each.kinds, each.old, each.new, each.number) for each in found.revisions] == [
        (("added",), "", f"{ID}crm-2005/pgm/11.1.2", "11.1.2"),
        (("reworded",), f"{ID}crm-2004/dh/1", f"{ID}crm-2005/dh/1", "1"),
        (("dropped",), f"{ID}crm-2004/pgm/9.1.2", "", "9.1.2"),
    ], "in the order of the text, and then what is no longer there"
    added, _, dropped = found.revisions
    assert dropped.pieces == (("Becas para funcionarios", "old"),)
    assert [kind for _, kind in added.pieces] == ["new"]
    assert added.pieces[0][0].startswith("Participación de la PPT/ST en diversos foros")
    assert f"/source/crm-2004/{dropped.start}-" in dropped.source
    assert added.source == ""


def test_what_the_plan_says_is_what_it_says_now(there: tuple[Site, Client, Manifest], site: Site) -> None:
    here, _, manifest = there
    for kind in ("Plan", "Objective", "Activity", "Mention", "Statement", "Finding"):
        query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a cg:{kind} }}"
        assert here.select(query) == site.select(query)
    assert manifest.findings == {**manifest.findings, "violation": 2}


@pytest.mark.parametrize(
    ("language", "reworded", "changed"),
    [("es", "redactada de otro modo", "Cambiaron 2 partes"), ("en", "reworded", "2 parts changed")],
)
def test_the_page(there: tuple[Site, Client, Manifest], language: str, reworded: str, changed: str) -> None:
    client = there[1]
    page = read_page(client.get(f"/{language}/versions/crm-2006").text)
    text = " ".join("".join(page.itertext()).split())
    assert changed in text
    assert reworded in text
    assert [each.text for each in page.iter("ins")] == ["digno, seguro"]
    assert ("Actividad" if language == "es" else "Activity") + " pgm/1.1.1" in text
    links = {a.get("href") or "" for a in page.iter("a")}
    old = next(link for link in links if f"/{language}/id/source/crm-2006/" in link)
    assert "Retorno digno y ordenado" in client.get(old).text or "Intercambio" in client.get(old).text
    for name in ("crm", "%C2%BD%19", "%3E", "a%20b"):
        assert client.get(f"/{language}/versions/{name}").status_code == 404
    assert f"/{language}/versions/crm-2005" in client.get(f"/{language}/id/plan/crm").text
    data = client.get("/graph/versions/crm-2006.jsonld")
    assert "wasRevisionOf" in json.dumps(data.json())


@pytest.mark.parametrize(("language", "said"), [("es", "Encima de la tabla:"), ("en", "Above the table:")])
def test_other_lines_above_the_table_are_told(there: tuple[Site, Client, Manifest], language: str, said: str) -> None:
    page = " ".join("".join(read_page(there[1].get(f"/{language}/versions/crm-2005").text).itertext()).split())
    assert f"{said} PLAN DE ACCION / BORRADOR → PLAN DE ACCION / CONFERENCIA REGIONAL SOBRE MIGRACION (CRM)" in page
    assert said not in there[1].get(f"/{language}/versions/crm-2006").text


def test_where_a_part_stood_before_is_told(there: tuple[Site, Client, Manifest]) -> None:
    page = " ".join("".join(read_page(there[1].get("/es/versions/crm-2005").text).itertext()).split())
    assert "Actividad pgm/9.1.1 antes pgm/9.1.7 renumerada" in page
    assert "antes pgm/9 " not in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody@2006", "an earlier version of nobody would be called so, and there is no such plan; there are bali, "),
        ("crm@20 06", "behind @ stands the name of the version"),
        ("crm@A", "as in crm@2006.txt"),
        ("crm@", "behind @ stands the name of the version"),
        ("crm@2006@x", "behind @ stands the name of the version"),
        ("crm@2007", "this version is called crm-2007, and so is crm-2007.nt already; give one of them another name"),
    ],
)
def test_a_version_has_a_plan_and_a_name(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / f"{name}.txt").write_bytes(SOURCE.read_bytes())
    (tmp_path / "crm-2007.nt").touch()
    with pytest.raises(UsageError, match=re.escape(said)):
        versions(tmp_path)
