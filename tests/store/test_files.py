"""The seal of a folder, by which damage shows."""

from pathlib import Path

from crmgraph.store.files import SEAL, is_intact, seal


def test_damage_of_a_sealed_folder_shows(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    (folder / "store").mkdir(parents=True)
    files = {"findings.json": b"[]", "store/MANIFEST-1": b"abc", "store/LOG": b"began", "large": b"x" * 2**20}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    seal(folder)
    sealed = (folder / SEAL).read_bytes()
    assert is_intact(folder)
    (folder / "store" / "LOG").write_text("began, opened", encoding="utf-8")
    (folder / "store" / "more").write_text("", encoding="utf-8")
    assert is_intact(folder), "the engine's diary may grow"
    for name, damage in (
        ("findings.json", b"{}"),
        ("findings.json", None),
        ("store/MANIFEST-1", b""),
        ("large", b"x" * (2**20 - 1) + b"y"),
        (SEAL, None),
        (SEAL, b"{}"),
        (SEAL, b"\xff"),
    ):
        file = folder / name
        if damage is None:
            file.unlink()
        else:
            file.write_bytes(damage)
        assert not is_intact(folder), (name, damage)
        file.write_bytes(sealed if name == SEAL else files[name])
        assert is_intact(folder)
    assert not is_intact(tmp_path / "none")
