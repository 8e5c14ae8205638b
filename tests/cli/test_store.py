"""The commands about the store that is written to, and a server over it."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import httpx
import pytest

from crmgraph.building import Manifest
from crmgraph.updating import digest_of
from tests.support.commands import Run
from tests.support.servers import running_server


def test_load_dump_backup_and_restore(run: Run, tmp_path: Path, manifest: Manifest) -> None:
    size = sum(manifest.graphs.values())
    (tmp_path / "a.ttl").write_text("<http://e/1> <http://e/p> 1 .")
    loaded = run("load", "a.ttl", "--graph", "http://e/g", "--store", "kept")
    assert (loaded.status, loaded.out) == (0, "kept: 1 statement more\n")
    assert run("backup", "saved", "--store", "kept").out == "saved: generation 2 of kept\n"
    (tmp_path / "b.ttl").write_text("<http://e/2> <http://e/p> 2 .")
    assert run("load", "b.ttl", "--store", "kept").status == 0
    assert len(run("dump", "--store", "kept").out.splitlines()) == size + 2
    assert run("restore", "saved", "--store", "kept").status == 0
    assert run("dump", "--store", "kept", "--output", "all.nq").status == 0
    assert len((tmp_path / "all.nq").read_text(encoding="utf-8").splitlines()) == size + 1
    assert len(run("dump").out.splitlines()) == size


def test_questions_and_files_are_of_the_store_that_is_set(run: Run, tmp_path: Path) -> None:
    (tmp_path / "count.rq").write_text("SELECT (COUNT(*) AS ?n) { GRAPH <http://e/g> { ?s ?p ?o } }")
    (tmp_path / "a.ttl").write_text("<http://e/1> <http://e/p> 1 .")
    new = run("query", "count.rq", "--store", "kept")
    assert (new.out.split(), new.status) == (["n", "0"], 0)
    assert "no store in kept yet; this is the built dataset" in new.err
    assert run("load", "a.ttl", "--graph", "http://e/g", "--store", "kept").status == 0
    for arguments in (("query", "count.rq"), ("export", "nq", "--graph", "http://e/g")):
        assert "1" not in run(*arguments).out
        by_flag = run(*arguments, "--store", "kept")
        (tmp_path / "crmgraph.toml").write_text("store = 'kept'", encoding="utf-8")
        by_file = run(*arguments)
        (tmp_path / "crmgraph.toml").unlink()
        assert (by_flag.out, by_flag.err, by_flag.status) == (by_file.out, by_file.err, by_file.status)
        assert (by_flag.err, by_flag.status) == ("", 0)
        assert "1" in by_flag.out


def test_an_export_is_not_of_an_engine_elsewhere_and_says_so(run: Run) -> None:
    done = run("export", "ttl", "--graph", "catalog", "--store", "http://e/query")
    assert done.status == 0
    assert "this is the built dataset, and not what is at http://e/query" in done.err


def test_what_cannot_be(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<http://e/1>")
    for arguments, said in (
        (("load", "a.ttl", "--store", "kept"), "a.ttl, line 1"),
        (("load", "a.ttl"), "name the folder of the store"),
        (("dump", "--store", "http://e/query"), "http://e/query: this is the address of an engine"),
        (("backup", "b", "--store", "nowhere"), "no store that is written to"),
        (("dump", "--store", "nowhere"), "no store that is written to"),
        (("restore", "nowhere", "--store", "kept"), "nowhere: there is nothing here"),
    ):
        done = run(*arguments)
        assert (done.status, done.out) == (2, "")
        assert said in done.err
        assert len(done.err.splitlines()) == 1


def test_what_the_disk_takes_no_more_of_is_named_and_not_where_it_came_from(run: Run, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(small)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    (tmp_path / "a.ttl").write_text("<http://e/1> <http://e/p> 1 .")
    try:
        assert run("load", "a.ttl", "--store", "kept").status == 0
        assert run("backup", "saved", "--store", "kept").status == 0
        for arguments in (
            ("load", "a.ttl", "--store", "small/kept"),
            ("restore", "saved", "--store", "small/kept"),
            ("backup", "small/saved", "--store", "kept"),
        ):
            done = run(*arguments)
            assert done.status == 2
            assert re.fullmatch(r"crmgraph: \S*small/\S+: .*No space left on device\n", done.err), done.err
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_token_lets_in_who_has_it(run: Run, build_folder: Path, tmp_path: Path) -> None:
    made = run("token", "Íñigo", "--graph", "http://e/*")
    token = made.err.removeprefix("Authorization: Bearer ").strip()
    assert digest_of(token) in made.out
    assert token not in made.out
    (tmp_path / "crmgraph.toml").write_text(made.out, encoding="utf-8")
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
    where = {"graph": "http://e/mine"}
    for expected in (201, 204):
        with running_server(build_folder, "--store", str(tmp_path / "kept"), cwd=tmp_path) as url:
            put = httpx.put(
                f"{url}/graphs", params=where, content=b"<http://e/1> <http://e/p> 1 .", headers=bearer, timeout=60
            )
            assert put.status_code == expected
            assert httpx.get(f"{url}/graphs", params=where, timeout=60).text.startswith("<http://e/1>")
            assert httpx.get(f"{url}/es/", timeout=60).status_code == 200
            dump = gzip.decompress(httpx.get(f"{url}/dump.nq.gz", timeout=60).content).decode()
            assert "<http://e/1> <http://e/p>" in dump
    entries = [
        json.loads(line) for line in (tmp_path / "kept" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(entry["writer"], entry["graph"]) for entry in entries] == [("Íñigo", "http://e/mine")] * 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([""], "the name of a writer"),
        (["ana", "--graph", "not an iri"], "not an iri is no IRI"),
        (["ana", "--graph", "default", "--graph", "relative"], "relative is no IRI"),
    ],
)
def test_a_token_is_for_somebody_and_for_graphs(run: Run, arguments: list[str], said: str) -> None:
    made = run("token", *arguments)
    assert made.status == 2
    assert said in made.err
    assert made.out == ""


def test_two_servers_do_not_write_to_one_store(run: Run, build_folder: Path, tmp_path: Path) -> None:
    with running_server(build_folder, "--store", str(tmp_path / "kept")):
        refused = run("serve", "--port", "0", "--store", "kept")
        assert refused.status == 2
        assert "another process writes to this store" in refused.err
        assert run("dump", "--store", "kept").status == 0
        assert run("backup", "saved", "--store", "kept").status == 0
