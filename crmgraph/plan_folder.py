"""The files in a folder of further plans: plans, their tables and decisions, and other files beside them."""

from pathlib import Path
from shlex import quote

from crmgraph.errors import Place, UsageError
from crmgraph.reading import plan_id
from crmgraph.reading.source import ORIGIN
from crmgraph.wording import Bilingual

__all__ = ["ACCEPTED", "DECISIONS", "GRAPH", "ORIGIN", "TEXT", "beside", "files_in"]

TEXT = ".txt"
"""The suffix of plans in text."""

GRAPH = ".nt"
"""The suffix of external graphs."""

ACCEPTED = ".accepted.csv"
"""The ending of tables of accepted findings, behind the name of their plan."""

DECISIONS = ".sssom.tsv"
"""The ending of files of decisions about proposed correspondences."""

_HIDDEN = (".", "~$")
_NEIGHBOURS = (".toml", ".md", "~", ORIGIN)
_OTHERS = frozenset(("thumbs.db", "desktop.ini", "readme"))


def files_in(folder: Path, ending: str) -> list[Path]:
    """Return the files in the folder that are in the dataset and end so: TEXT, GRAPH …, in order.

    Accepted findings and records of origin (ORIGIN) are those of a plan beside them.
    """
    found = sorted(folder.glob(f"*{ending}"))
    if ending in (ACCEPTED, ORIGIN):
        return [file for file in found if file.with_name(file.name.removesuffix(ending) + TEXT).is_file()]
    return [file for file in found if not _is_neighbour(file)]


def beside(folder: Path) -> list[Path]:
    """Return the files that may lie beside the plans and are not in the dataset, in order.

    These are hidden files, folders, a README, mappings, and the files that plans were imported from. Raises UsageError
    for any other file, since its owner would expect it in the dataset.
    """
    used = {file for ending in (TEXT, GRAPH, ACCEPTED, ORIGIN, DECISIONS) for file in files_in(folder, ending)}
    found = [file for file in sorted(folder.iterdir()) if file not in used]
    for file in found:
        if not (_is_neighbour(file) or file.is_dir() or _is_imported(file)):
            raise UsageError(_refusal(file), Place(file))
    return found


def _is_neighbour(file: Path) -> bool:
    name = file.name.lower()
    is_other = not _OTHERS.isdisjoint((name, file.stem.lower()))
    return is_other or name.startswith(_HIDDEN) or name.endswith(_NEIGHBOURS)


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
