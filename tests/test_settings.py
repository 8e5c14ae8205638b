"""Flags before environment before file, and a clear word about a wrong setting."""

from pathlib import Path

import pytest

from crmgraph.errors import UsageError
from crmgraph.settings import FILE, Settings, read_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CRMGRAPH_{name.upper()}", raising=False)


def test_what_holds_where_nobody_sets_anything() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.timeout) == ("127.0.0.1", 8000, 30.0)
    assert settings.names.id("x") == "https://w3id.org/crmgraph/id/x"


def test_flags_before_environment_before_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text("port = 1\nworkers = 3\nhost = '0.0.0.0'\n", encoding="utf-8")
    monkeypatch.setenv("CRMGRAPH_PORT", "2")
    monkeypatch.setenv("CRMGRAPH_WORKERS", "4")
    settings = read_settings(port=5, workers=None)
    assert (settings.port, settings.workers, settings.host) == (5, 4, "0.0.0.0")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("PORT", "70000"), ("TIMEOUT", "0"), ("BASE", "https://example.org"), ("WORKERS", "0")]
    + [("BASE", base) for base in ("http://a b/", "https:///", "http://a/<b>/", "ftp://a/", "x http://a/")]
    + [("TIMEOUT", time) for time in ("nan", "inf", "1e9")]
    + [("ROOT_PATH", path) for path in ("crm", "/crm/", "/", "/a b", "//crm")]
    + [("CONTACT", said) for said in ("ana", "@b", "a b@c", "javascript:x", "http://", 'a"@b', "a@b?subject=x")],
)
def test_a_wrong_value_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CRMGRAPH_{name}", value)
    with pytest.raises(UsageError, match=rf"setting {name.lower()}: .* CRMGRAPH_{name} in the environment"):
        read_settings()


def test_an_unknown_name_and_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("prot = 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"{FILE}: there is no setting prot; there are base, build"):
        read_settings()
    writer = f'[[writers]]\nname = "ana"\ntoken = "sha256:{"0" * 64}"\nport = 1\n'
    (tmp_path / FILE).write_text(writer, encoding="utf-8")
    with pytest.raises(UsageError, match=r"a writer has no setting port, only name, token, graphs.* put"):
        read_settings()
    (tmp_path / FILE).write_text("port = = 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings()


@pytest.mark.parametrize("name", ["TIMOUT", "RATES", "STORE_PASWORD", "CHECKWRITES", "alow"])
def test_a_mistyped_name_in_the_environment_is_not_ignored(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CRMGRAPH_{name}", "5")
    with pytest.raises(
        UsageError, match=rf"no setting CRMGRAPH_{name.upper()} in the environment; is CRMGRAPH_\w+ meant"
    ):
        read_settings()


@pytest.mark.parametrize("name", ["CRMGRAPH_SUITES", "CRMGRAPH_SERVICE_HOST", "CRMGRAPH_PORT_80_TCP", "CRM_PORTS"])
def test_what_is_meant_for_others_is_let_be(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    assert read_settings().port == 8000


def test_what_is_wrong_with_a_writer_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMGRAPH_WRITERS", '[{"name": "ana", "token": "open"}]')
    with pytest.raises(UsageError, match=r"setting writers\.0\.token: .*\(CRMGRAPH_WRITERS in the environment"):
        read_settings()
    monkeypatch.setenv("CRMGRAPH_WRITERS", "[{")
    with pytest.raises(UsageError, match=r"^CRMGRAPH_WRITERS in the environment is not JSON \(Expecting"):
        read_settings()


def test_nobody_is_sent_to_a_flag_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMGRAPH_STORE_ANSWERS", "everywhere")
    with pytest.raises(UsageError, match=r"setting store_answers: .* \(CRMGRAPH_STORE_ANSWERS in the environment"):
        read_settings()


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())
