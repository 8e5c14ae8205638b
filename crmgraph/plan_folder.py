"""The files in a folder of further plans: plans, their tables and decisions, and other files beside them."""

from pathlib import Path
from shlex import quote

from crmgraph.errors import Place, UsageError
from crmgraph.reading import plan_id
from crmgraph.reading.source import ORIGIN
from crmgraph.wording import Bilingual

__all__ = ["GRAPH", "TEXT", "accepted_in", "beside", "decisions_in", "origins_in", "plan_files"]

TEXT = ".txt"
"""The suffix of plans in text."""

GRAPH = ".nt"
"""The suffix of external graphs."""

_ACCEPTED = ".accepted.csv"
_DECISIONS = ".sssom.tsv"
_HIDDEN = (".", "~$")
_NEIGHBOURS = (".toml", ".md", "~", ORIGIN)
_README = "readme"
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")


def plan_files(folder: Path, ending: str) -> list[Path]:
    """Return the plans in the folder, whose names end in TEXT or GRAPH, in order."""
    return sorted(file for file in folder.glob(f"*{ending}") if not _is_neighbour(file))


def accepted_in(folder: Path) -> list[Path]:
    """Return the tables of accepted findings beside the plans, in order."""
    return sorted(file for file in folder.glob(f"*{_ACCEPTED}") if _plan_of(file).is_file())


def decisions_in(folder: Path) -> list[Path]:
    """Return the files of decisions about proposed correspondences, in order."""
    return sorted(file for file in folder.glob(f"*{_DECISIONS}") if not _is_neighbour(file))


def origins_in(folder: Path) -> list[Path]:
    """Return the records of origin beside the plans, in order."""
    found = (file.with_name(file.stem + ORIGIN) for file in plan_files(folder, TEXT))
    return [file for file in found if file.is_file()]


def beside(folder: Path) -> list[Path]:
    """Return the files that may lie beside the plans and are not in the dataset, in order.

    These are hidden files, folders, a README, mappings, and the files that plans were imported from. Raises UsageError
    for any other file, since its owner would expect it in the dataset.
    """
    used = {*plan_files(folder, TEXT), *plan_files(folder, GRAPH), *accepted_in(folder), *origins_in(folder)}
    used |= {*decisions_in(folder)}
    found = [file for file in sorted(folder.iterdir()) if file not in used]
    for file in found:
        if not (_is_neighbour(file) or file.is_dir() or _is_imported(file)):
            raise UsageError(_refusal(file), Place(file))
    return found


def _is_neighbour(file: Path) -> bool:
    name = file.name.lower()
    return name.startswith(_HIDDEN) or name.endswith(_NEIGHBOURS) or name in _OF_SYSTEMS or file.stem.lower() == _README


def _plan_of(accepted: Path) -> Path:
    return accepted.with_name(accepted.name.removesuffix(_ACCEPTED) + TEXT)


def _is_imported(file: Path) -> bool:
    """Tell by the names whether a plan was imported from the file."""
    is_plan = file.suffix.lower() in (TEXT, GRAPH)
    return not is_plan and any(file.with_name(plan_id(file) + ending).is_file() for ending in (TEXT, GRAPH))


def _refusal(file: Path) -> Bilingual:
    from crmgraph.importing import ENDINGS
    from crmgraph.importing.graphs import RDF_ENDINGS

    ending = file.suffix.lower()
    if ending in (TEXT, GRAPH):
        return Bilingual(
            f"the name of a plan ends in {ending}, in small letters; give this file such a name",
            f"el nombre de un plan termina en {ending}, en minúsculas; dé al archivo un nombre así",
        )
    if ending not in (*ENDINGS, *RDF_ENDINGS):
        endings = ", ".join(dict.fromkeys((*ENDINGS, *RDF_ENDINGS)))
        return Bilingual(
            "this is no plan in text, and would not be in the dataset; save it in a form that `crmgraph import` reads "
            f"({endings}) and make a plan of it, or move it to another folder",
            "esto no es un plan en texto y no estaría en los datos; guárdelo en un formato que lea `crmgraph import` "
            f"({endings}) y haga de él un plan, o llévelo a otra carpeta",
        )
    target = file.with_name(plan_id(file) + (GRAPH if ending in RDF_ENDINGS else TEXT))
    command = f"crmgraph import {quote(str(file))} --output {quote(str(target))}"
    return Bilingual(
        "this is no plan in text, and would not be in the dataset; make one of it by "
        f"`{command}`, or move it to another folder",
        f"esto no es un plan en texto y no estaría en los datos; haga uno de él con `{command}`, o llévelo a otra "
        "carpeta",
    )
