"""A folder of further plans: which of its files are plans, what may lie beside them, and what does not belong there."""

from pathlib import Path
from shlex import quote

from crmgraph.errors import Place, UsageError
from crmgraph.reading import plan_id
from crmgraph.reading.origin import ORIGIN
from crmgraph.wording import Bilingual

__all__ = ["GRAPH", "TEXT", "accepted_in", "beside", "decisions_in", "origins_in", "plan_files"]

TEXT = ".txt"
"""How the names of plans in text end."""

GRAPH = ".nt"
"""How the names of the graphs of others end."""

_ACCEPTED = ".accepted.csv"
_DECISIONS = ".sssom.tsv"
_HIDDEN = (".", "~$")
_NEIGHBOURS = (".toml", ".md", "~", ORIGIN)
_README = "readme"
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")


def plan_files(folder: Path, ending: str) -> list[Path]:
    """The plans in the folder whose names end in TEXT, or in GRAPH, in order."""
    return sorted(file for file in folder.glob(f"*{ending}") if not _is_neighbour(file))


def accepted_in(folder: Path) -> list[Path]:
    """The tables of accepted findings in the folder that stand beside their plans, in order."""
    return sorted(file for file in folder.glob(f"*{_ACCEPTED}") if _plan_of(file).is_file())


def decisions_in(folder: Path) -> list[Path]:
    """The files in the folder with what people decided about proposed correspondences, in order."""
    return sorted(file for file in folder.glob(f"*{_DECISIONS}") if not _is_neighbour(file))


def origins_in(folder: Path) -> list[Path]:
    """The files in the folder that say of the plans which they stand beside where these are from, in order."""
    found = (file.with_name(file.stem + ORIGIN) for file in plan_files(folder, TEXT))
    return [file for file in found if file.is_file()]


def beside(folder: Path) -> list[Path]:
    """What is no plan and may lie in the folder all the same, in order: nothing of it is in the dataset.

    That is what is hidden, other folders, a README, mappings, and the file that a plan was made from.
    Raises UsageError for any other file, for whoever put it there waits for it in the dataset.
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
    """Whether a plan was made of it, as far as the names tell."""
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
