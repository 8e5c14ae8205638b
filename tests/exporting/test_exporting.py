"""Dumps and the document from the graph, and files that are written whole or not at all."""

import io
import os
import re
import stat
import unicodedata
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from pyoxigraph import Quad, RdfFormat, Store

from crmgraph.describing.vocabulary import describe_source
from crmgraph.errors import UsageError
from crmgraph.exporting import atomic_writer, export, render
from crmgraph.files import resource
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Attachment, Source
from tests.support import tables

NAMES = Names()
SOURCE = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")


def written(store: Store, format: str, graph: str | None = None) -> bytes:
    out = io.BytesIO()
    export(store, format, out, NAMES, graph)
    return out.getvalue()


def test_dumps_say_what_the_dataset_says(store: Store) -> None:
    few = Store()
    for graph in ("plan/crm", "findings"):
        few.extend(store.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(NAMES.graph(graph))))
    whole = set(few)
    assert len(whole) > 1000

    def parsed(format: str, syntax: RdfFormat) -> set[Quad]:
        return set(pyoxigraph.parse(written(few, format), syntax))

    assert parsed("nq", RdfFormat.N_QUADS) == whole
    assert parsed("jsonld", RdfFormat.JSON_LD) == whole
    assert {q.triple for q in parsed("ttl", RdfFormat.TURTLE)} == {q.triple for q in whole}


def test_one_graph_alone(store: Store) -> None:
    graph = pyoxigraph.NamedNode(NAMES.graph("plan", "crm"))
    lines = written(store, "nq", "plan/crm").decode().splitlines()
    assert len(lines) == sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
    assert lines == sorted(lines)
    assert all(line.endswith(f"<{graph.value}> .") for line in lines)
    for name in ("nothing", "a b", "plan/crm> {} #"):
        with pytest.raises(UsageError, match=f"no graph {re.escape(name)}; there are catalog, findings"):
            written(store, "ttl", name)


def shape(text: str) -> list[tuple[str, str, str | None, str, Attachment]]:
    plan = read_plan_text(Source(text), "crm")
    return [(part.id, part.kind, part.number, tidy(part.text), part.attached_by) for part, _ in plan.walk()]


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_document_from_the_graph(store: Store) -> None:
    rendered = render(store, "crm", NAMES)
    assert folded(rendered) == folded(SOURCE)
    assert shape(rendered) == shape(SOURCE)
    assert written(store, "render").decode() == rendered
    for plan in ("nothing", "a b", "x> FROM <https://w3id.org/crmgraph/graph/source/crm"):
        with pytest.raises(UsageError, match=f"no plan {plan}"):
            render(store, plan, NAMES)


def source_store(plan: Plan) -> Store:
    store = Store()
    triples = pyoxigraph.parse(
        describe_source(plan, NAMES).serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES
    )
    graph = pyoxigraph.NamedNode(NAMES.graph("source", plan.id))
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return store


@settings(max_examples=20)
@given(tables.plans(), tables.STYLES)
def test_random_documents_from_the_graph(made: tuple[tables.Theme, ...], style: tables.Style) -> None:
    text = tables.write_table(made, style).decode("utf-8-sig")
    assert folded(render(source_store(read_plan_text(Source(text), "random")), "random", NAMES)) == folded(text)


def replace_with(file: Path, data: bytes = b"new") -> None:
    with atomic_writer(file) as out:
        out.write(data)


def test_files_are_written_with_the_usual_rights(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    (tmp_path / "other").write_bytes(b"")
    replace_with(file)
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "other"]
    file.chmod(0o640)
    link.symlink_to(file)
    replace_with(link, b"newer")
    assert link.is_symlink()
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"newer", 0o640)


def test_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def write(fails: bool) -> None:
        with atomic_writer(file) as out:
            out.write(b"new")
            out.flush()
            assert file.read_bytes() == b"old"
            if fails:
                raise UsageError("no such graph")

    with pytest.raises(UsageError, match="no such graph"):
        write(fails=True)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
    write(fails=False)
    assert file.read_bytes() == b"new"


def test_devices_and_places_that_cannot_be_written(tmp_path: Path) -> None:
    replace_with(Path(os.devnull))
    assert Path(os.devnull).is_char_device()
    for name in ("", "no/such/folder/file"):
        with pytest.raises(UsageError, match="cannot be written"):
            replace_with(tmp_path / name)
