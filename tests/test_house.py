"""The house: nothing imports against the way of the data, and every module says what it offers."""

import ast
from pathlib import Path

import pytest

import crmgraph

PACKAGE = Path(crmgraph.__file__).parent
FLOW = (
    "caching",
    "errors", "wording", "texts", "namespaces", "resources", "settings", "reading", "importing", "plan_folder",
    "decisions", "describing", "comparing", "inferring", "checking", "storing", "building", "exporting", "library",
    "answering", "federating", "updating", "tabulating", "linking", "searching", "serving", "cli", "__main__",
)  # fmt: skip
MODULES = sorted(
    file for file in PACKAGE.rglob("*.py") if "share" not in file.parts and "node_modules" not in file.parts
)


def room(module: str) -> str | None:
    """The part of the house that a module belongs to; None for another's module and for crmgraph itself."""
    parts = module.split(".")
    return parts[1] if parts[0] == "crmgraph" and len(parts) > 1 and parts[1] != "__version__" else None


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{name.name}" for name in node.names if node.module == "crmgraph")
        elif isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
    return found


def test_every_room_has_its_place_in_the_flow() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__", "__main__"} == set(FLOW) - {"__main__"}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_nothing_imports_against_the_flow(file: Path) -> None:
    here = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if here == "__init__":
        assert not any(room(module) for module in imports(file))
        return
    later = FLOW[FLOW.index(here) + 1 :]
    assert [module for module in imports(file) if room(module) in later] == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_every_module_opens_with_a_sentence_and_says_what_it_offers(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    offered = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and node.value is not None
        and getattr(node.targets[0] if isinstance(node, ast.Assign) else node.target, "id", "") == "__all__"
    ]
    assert len(offered) == 1
    defined = {name for node in tree.body for name in _names(node)}
    assert set(offered[0]) <= defined


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    if isinstance(node, ast.ImportFrom | ast.Import):
        return {name.asname or name.name for name in node.names}
    return set()


def test_heavy_libraries_are_imported_only_where_used() -> None:
    heavy = {"rdflib", "pyshacl", "owlrl", "fastapi", "pyoxigraph", "pydantic", "pydantic_settings", "uvicorn"}
    names = ("__init__", "errors", "texts", "namespaces", "resources")
    for file in (
        *(PACKAGE / f"{name}.py" for name in names),
        *(PACKAGE / "building").glob("*.py"),
        *(PACKAGE / "cli").glob("*.py"),
    ):
        modules = {
            name
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            )
        }
        assert not {module.split(".")[0] for module in modules} & heavy, file
