"""Import hook that switches mutants on: run from `crmgraph/__init__.py` of a copy of the project, in every process.

CRMGRAPH_MUTANTS names the list, CRMGRAPH_MUTANT the number of the active one; CRMGRAPH_MUTANT_MAP names a file with a
byte for each mutant, set to 1 when its code runs. The file is mapped at import, before a worker closes its sandbox.
"""

import ast
import builtins
import csv
import importlib.util
import mmap
import os
import sys
from collections.abc import Sequence
from importlib.abc import SourceLoader
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

_HERE = Path(__file__).parent


def _operators() -> ModuleType:
    """Load `operators.py` by its path: the project's own packages may not be importable yet."""
    spec = importlib.util.spec_from_file_location("mutation_operators", _HERE / "operators.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


class _Loader(SourceFileLoader):
    mutations: dict[int, tuple[int, int, str]]

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = OPERATORS.switch(ast.parse(self.get_data(path)), self.mutations)
        return compile(tree, path, "exec", dont_inherit=True)


class _Finder:
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in LISTED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and isinstance(spec.loader, SourceLoader) and spec.origin:
            loader = _Loader(name, spec.origin)
            loader.mutations = LISTED[name]
            spec.loader = loader
        return spec


LISTED: dict[str, dict[int, tuple[int, int, str]]] = {}
OPERATORS = _operators()
with Path(os.environ["CRMGRAPH_MUTANTS"]).open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        listed = LISTED.setdefault(row["module"], {})
        listed[int(row["id"])] = (int(row["line"]), int(row["column"]), row["operator"])

ACTIVE = int(os.environ.get("CRMGRAPH_MUTANT") or -1)
_MAP: mmap.mmap | bytearray = bytearray(10_000)
if os.environ.get("CRMGRAPH_MUTANT_MAP"):
    with Path(os.environ["CRMGRAPH_MUTANT_MAP"]).open("r+b") as shared:
        _MAP = mmap.mmap(shared.fileno(), 0)


def is_active(number: int) -> bool:
    """Tell whether that mutant is the active one, and note that its code ran."""
    _MAP[number] = 1
    return number == ACTIVE


setattr(builtins, OPERATORS.SWITCH, is_active)
sys.meta_path.insert(0, _Finder())
