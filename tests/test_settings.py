"""Settings: flags before environment before file, and errors that name the wrong setting."""

from pathlib import Path

import pytest

from crmgraph.errors import UsageError
from crmgraph.settings import SETTINGS_FILE, Settings, read_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CRMGRAPH_{name.upper()}", raising=False)


def refusal(name: str, value: str) -> str:
    """The error that a variable leads to; empty where there is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name, value)
        try:
            read_settings()
        except UsageError as error:
            return str(error)
    return ""


def test_defaults() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.timeout) == ("127.0.0.1", 8000, 30.0)
    assert settings.names.id("x") == "https://w3id.org/crmgraph/id/x"


def test_flags_before_environment_before_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / SETTINGS_FILE).write_text("port = 1\nworkers = 3\nhost = '0.0.0.0'\n", encoding="utf-8")
    monkeypatch.setenv("CRMGRAPH_PORT", "2")
    monkeypatch.setenv("CRMGRAPH_WORKERS", "4")
    settings = read_settings(port=5, workers=None)
    assert (settings.port, settings.workers, settings.host) == (5, 4, "0.0.0.0")


WRONG = {
    "PORT": ("many", "70000"),
    "TIMEOUT": ("0", "nan", "inf", "1e9"),
    "WORKERS": ("0",),
    "BASE": ("https://example.org", "http://a b/", "https:///", "http://a/<b>/", "ftp://a/", "x http://a/"),
    "ROOT_PATH": ("crm", "/crm/", "/", "/a b", "//crm"),
    "CONTACT": ("ana", "@b", "a b@c", "javascript:x", "http://", 'a"@b', "a@b?subject=x"),
}


def test_wrong_values_are_named() -> None:
    told = {(name, value): refusal(f"CRMGRAPH_{name}", value) for name, values in WRONG.items() for value in values}
    assert not [
        (*case, said)
        for case, said in told.items()
        if f"setting {case[0].lower()}: " not in said or f"CRMGRAPH_{case[0]} in the environment" not in said
    ]
    assert "must be an http or https address that ends in a slash (" in told["BASE", "https://example.org"]


def test_unknown_names_and_broken_files(tmp_path: Path) -> None:
    writer = f'[[writers]]\nname = "ana"\ntoken = "sha256:{"0" * 64}"\nport = 1\n'
    for text, said in (
        ("prot = 1\n", f"{SETTINGS_FILE}: there is no setting prot; there are base, build"),
        (writer, r"no setting writers.0.port; there are name, token, graphs"),
        ("port = = 1\n", "cannot be read"),
    ):
        (tmp_path / SETTINGS_FILE).write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=said):
            read_settings()


def test_wrong_writers_name_their_variable() -> None:
    said = refusal("CRMGRAPH_WRITERS", '[{"name": "ana", "token": "open"}]')
    assert "setting writers.0.token: " in said
    assert "(CRMGRAPH_WRITERS in the environment" in said
    assert refusal("CRMGRAPH_WRITERS", "[{").startswith("CRMGRAPH_WRITERS in the environment is not JSON (Expecting")
