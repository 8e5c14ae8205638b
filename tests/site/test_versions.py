"""Earlier versions of a plan, and the plans of others in RDF: in the dataset, and on the pages."""

import itertools
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from crmgraph.building.dataset import build
from crmgraph.building.manifest import SOURCE, Manifest, earlier_versions
from crmgraph.errors import UsageError
from crmgraph.namespaces import Names
from crmgraph.site import Site
from crmgraph.site.comparisons import read_earlier_versions, read_version
from crmgraph.sparql.pool import Pool
from crmgraph.store import DUMP, STORE
from tests.support.cases import cases
from tests.support.pages import links, text
from tests.support.visiting import Serve, Visitor

ID = "https://w3id.org/crmgraph/id/plan/"


@pytest.fixture(scope="module")
def there(
    tmp_path_factory: pytest.TempPathFactory, site: Site, serve: Serve
) -> Iterator[tuple[Site, Visitor, Manifest]]:
    """A dataset with two earlier versions of the plan."""
    folder = tmp_path_factory.mktemp("versions")
    plans = folder / "plans"
    plans.mkdir()
    words = SOURCE.read_bytes().decode()
    for year, changes in itertools.groupby(cases("site/versions"), key=lambda row: row[0]):
        for _, now, then in changes:
            assert now in words
            words = words.replace(now, then, 1)
        (plans / f"crm@{year}.txt").write_bytes(words.encode())
    manifest = build(folder / "build", Names(), plans=plans)
    built = manifest.folder(folder / "build")
    with Pool(built / STORE, memory_bytes=2**30, dump=built / DUMP) as pool:
        here = replace(site, pool=pool, digest=manifest.dataset)
        with serve(pool=pool, digest=manifest.dataset) as client:
            yield here, Visitor(client), manifest


def test_each_version_is_compared_with_the_next(there: tuple[Site, Visitor, Manifest]) -> None:
    site = there[0]
    assert [(each.iri, each.following) for each in read_earlier_versions(site, f"{ID}crm")] == [
        (f"{ID}crm-2006", f"{ID}crm"),
        (f"{ID}crm-2005", f"{ID}crm-2006"),
    ]
    found = read_version(site, f"{ID}crm-2006", "es")
    assert found is not None
    told = {each.new.removeprefix(f"{ID}crm/pgm/"): each for each in found.revisions}
    assert {path: each.kinds for path, each in told.items()} == {
        "1.1.1": ["rescheduled"],
        "1.2.1": ["reassigned"],
        "7.1": ["reworded"],
        "9": ["reworded"],
        "9.1.1": ["renumbered"],
    }
    assert ("digno, seguro", "new") in told["7.1"].pieces
    assert told["1.1.1"].notes == ["Pendiente → Continuo"]
    assert told["1.2.1"].notes == ["Alto Comisionado de las Naciones Unidas para los Refugiados → –"]
    assert found.unchanged > 90
    # What was added and dropped, in the order of the text, and then what is no longer there.
    first = read_version(site, f"{ID}crm-2005", "es")
    assert first is not None
    added, reworded, dropped = first.revisions
    assert [(each.kinds, each.number) for each in first.revisions] == [
        (["added"], "11.1.2"),
        (["reworded"], "1"),
        (["dropped"], "9.1.2"),
    ]
    assert (added.old, added.source, added.new) == ("", "", f"{ID}crm-2006/pgm/11.1.2")
    assert [(words[:29], kind) for words, kind in added.pieces] == [("Participación de la PPT/ST en", "new")]
    assert (reworded.old, reworded.new) == (f"{ID}crm-2005/dh/1", f"{ID}crm-2006/dh/1")
    assert (dropped.old, dropped.new) == (f"{ID}crm-2005/pgm/9.1.2", "")
    assert dropped.pieces == [("Becas para funcionarios", "old")]
    assert f"/source/crm-2005/{dropped.start}-" in dropped.source
    assert read_version(site, f"{ID}crm-1999", "es") is None


def test_what_the_plan_says_is_what_it_says_now(there: tuple[Site, Visitor, Manifest], site: Site) -> None:
    here, _, manifest = there
    for kind in ("Plan", "Objective", "Activity", "Mention", "Statement", "Finding"):
        query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a cg:{kind} }}"
        assert here.select(query) == site.select(query)
    assert manifest.findings == {**manifest.findings, "violation": 2}


def test_the_page_of_a_version(there: tuple[Site, Visitor, Manifest]) -> None:
    visit = there[1]
    page = visit.page("/es/versions/crm-2006")
    above = "PLAN DE ACCION / BORRADOR → PLAN DE ACCION / CONFERENCIA REGIONAL SOBRE MIGRACION (CRM)"
    for words in (
        "redactada de otro modo",
        "Cambiaron 5 partes",
        "Actividad pgm/1.1.1",
        f"Encima de la tabla: {above}",
        "Actividad pgm/9.1.1 antes pgm/9.1.7 renumerada",
    ):
        assert words in text(page)
    assert "antes pgm/9 " not in text(page)
    assert "digno, seguro" in [each.text for each in page.iter("ins")]
    earlier = [link.get("href", "") for link in page.iter("a") if "/es/id/source/crm-2006/" in link.get("href", "")]
    assert any("Retorno digno y ordenado" in visit.get(address).text for address in earlier)
    assert "Encima de la tabla:" not in visit.get("/es/versions/crm-2005").text
    for name in ("crm", "%C2%BD%19", "%3E", "a%20b"):
        assert visit.get(f"/es/versions/{name}").status_code == 404
    assert "/es/versions/crm-2005" in visit.get("/es/id/plan/crm").text
    rows = {row["later"]: row for row in visit.json("/es/versions/crm-2006.json")}
    row = rows[f"{ID}crm/pgm/7.1"]
    assert row["changes"] == ["reworded"]
    assert "seguro" not in row["earlier_words"]
    assert "digno, seguro" in row["later_words"]
    assert "wasRevisionOf" in json.dumps(visit.json("/graph/versions/crm-2006.jsonld"))


def test_a_version_has_a_plan_and_a_name(tmp_path: Path) -> None:
    (tmp_path / "crm-2007.nt").touch()
    for name, said in (
        ("nobody@2006", "an earlier version of nobody would be called so, and there is no such plan; there are bali, "),
        ("crm@20 06", "as in my-plan@2006; give this file another"),
        ("crm@", "as in my-plan@2006; give this file another"),
        ("crm@2007", "this is called crm-2007, and so is crm-2007.nt already; give one of them another name"),
    ):
        file = tmp_path / f"{name}.txt"
        file.write_bytes(SOURCE.read_bytes())
        with pytest.raises(UsageError, match=re.escape(said)):
            earlier_versions(tmp_path)
        file.unlink()


@pytest.fixture(scope="module")
def guests(
    tmp_path_factory: pytest.TempPathFactory, build_folder: Path, manifest: Manifest, serve: Serve
) -> Iterator[Visitor]:
    """The real dataset with plans that others wrote in RDF."""
    place = tmp_path_factory.mktemp("guests") / STORE
    shutil.copytree(manifest.folder(build_folder) / STORE, place)
    store = Store(place)
    store.load(path=Path(__file__).with_name("guests.trig"), format=RdfFormat.TRIG)
    store.flush()
    del store
    with Pool(place, memory_bytes=2**30) as pool, serve(pool=pool, digest="with guests") as client:
        yield Visitor(client)


def test_the_name_of_a_plan_in_rdf_leads_to_its_graph(guests: Visitor) -> None:
    assert guests.page("/id/plan/almaty") is not None
    assert "/graph/plan/almaty.ttl" in guests.get("/id/plan/almaty").text
    assert "Borders" in guests.get("/id/plan/almaty.ttl").text
    triples = guests.client.get("/id/plan/almaty", headers={"Accept": "application/n-triples"})
    assert triples.text.strip() == (
        '<https://almaty.example/one> <http://www.w3.org/2004/02/skos/core#prefLabel> "Borders"@en .'
    )
    assert guests.get("/id/plan/none").status_code == guests.get("/id/reference").status_code == 404


def test_where_the_statements_of_others_are_known_from_is_not_asked(guests: Visitor) -> None:
    answer = guests.get("/en/queries/statements-without-provenance.csv").text
    assert "Nobody" in answer
    assert "almaty" not in answer


def test_plans_in_rdf_are_among_all_plans(guests: Visitor) -> None:
    page = guests.page("/en/crosswalk")
    said, addresses = text(page), links(page).values()
    assert "/en/graph/plan/almaty" in addresses
    assert "/en/graph/plan/crm" not in addresses
    for words in (
        "does not say where it is from",
        "from https://almaty.example/page",
        "from gcm.xlsx · https://gcm.example/plan",
    ):
        assert words in said
    # It says so for itself: no page of ours has it among what people found to correspond.
    assert not any("mekong" in address for address in addresses if "/crosswalk/" in address)
