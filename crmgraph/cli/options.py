"""Shared parts of the commands: flags of settings, choices, progress, and the built dataset."""

import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

import typer
from rich.console import Console

from crmgraph.building.inputs import DECISIONS_SUFFIX, files_in, ignored_files, plan_digests
from crmgraph.building.manifest import Manifest, current_manifest, plans_folder, read_manifest
from crmgraph.settings import SETTINGS_WITHOUT_FLAG, Settings, read_settings

STANDARD_INPUT = Path("standard input")
"""The name of standard input in messages."""
Language = Literal["es", "en"]

_APART = """
import sys
from crmgraph.sparql.sandbox import end_with_parent
end_with_parent(sys.stdin.fileno())
from crmgraph.cli import main
main()
"""


def tell(message: object) -> None:
    """Print a message of a command on standard error."""
    typer.echo(f"crmgraph: {message}", err=True)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a step on the terminal, or does nothing where there is none."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(f"{step} …")


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that adds the flags of these settings, or of all, to a command, which takes the `settings`.

    Help, type and default of a flag are those of the setting.
    """
    names = names or tuple(name for name in Settings.model_fields if name not in SETTINGS_WITHOUT_FLAG)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [each for each in inspect.signature(command).parameters.values() if each.name != "settings"]
        flags = [_flag(name) for name in names]

        @wraps(command)
        def run(**given: object) -> None:
            command(settings=read_settings(**{name: given.pop(name) for name in names}), **given)

        # What typer reads of a function.
        run.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in (*own, *flags)}
        return run

    return decorate


def _flag(name: str) -> inspect.Parameter:
    field = Settings.model_fields[name]
    kinds = {get_origin(each) or each for each in (field.annotation, *get_args(field.annotation))}
    kind = next((each for each in (Path, bool, int, float) if each in kinds), str)
    default = str(field.default) if field.default not in (None, "", ()) else False
    assert field.description
    told = f"{field.description[0].upper()}{field.description[1:]}."
    option = typer.Option(help=told, show_default=default)
    return inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Annotated[kind | None, option]
    )


def built(settings: Settings, make: Callable[[Settings], Manifest] | None = None) -> Manifest:
    """Return the manifest of the dataset, built first where it is missing, damaged or out of date.

    Further plans come from the folder in the settings, or else from the folder of the last build. A build is announced,
    since it takes its time; `make` builds, by default as `built_now` does.
    """
    if (known := _as_it_is(settings)) is not None:
        return known
    typer.echo("the dataset is built first, which takes a minute or two", err=True)
    return (make or built_now)(settings)


def built_now(settings: Settings, anew: bool = False, reasoner: str = "rules") -> Manifest:
    """Build the dataset, with `anew` also where nothing changed, and return its manifest; report what is left out."""
    if not anew and (known := _as_it_is(settings)) is not None:
        return known
    # rdflib is slow to import, and a dataset that is there is read without it.
    from crmgraph.building.dataset import build

    left_out = list(_left_out(settings, settings.plans or plans_folder(settings.build)))
    with steps() as say:
        manifest = build(settings.build, settings.names, say, anew, settings.plans, reasoner)
    for what in left_out:
        tell(what)
    return manifest


def _as_it_is(settings: Settings) -> Manifest | None:
    """Return the manifest of the dataset that is there; None where it has to be built."""
    known = current_manifest(settings.build, settings.names, settings.plans)
    if known and settings.plans is None and known.plans and not Path(known.plans).is_dir():
        tell(
            f"the folder of further plans that {settings.build} was built with is gone ({known.plans}); they are as "
            "they were then"
        )
    return known


def _left_out(settings: Settings, plans: Path | None) -> Iterator[str]:
    """Yield messages about what a build leaves out of the folder `plans`, and about plans that leave the dataset."""
    from crmgraph.decisions import read_decisions

    known, digests = read_manifest(settings.build), plan_digests(plans)
    left = ", ".join(name for name in known.further if name not in digests) if known is not None else ""
    if left:
        yield f"{settings.build}: no longer in the dataset, for {plans} has them not: {left}"
    if plans is None:
        return
    names = ", ".join(file.name for file in ignored_files(plans))
    if names:
        yield f"{plans}: not in the dataset, for they are no plans: {names}"
    for file in files_in(plans, DECISIONS_SUFFIX):
        decided = [each for each in read_decisions(file) if each.is_comparison]
        unsigned = sum(not each.is_signed for each in decided)
        if unsigned:
            yield (
                f"{file}: {unsigned} of {len(decided)} correspondences are not in the dataset, for nobody has signed "
                "them; `crmgraph link … --decisions FILE --author NAME` does"
            )


def built_apart(settings: Settings) -> Manifest:
    """Build the dataset as `built_now` does, but in a child process, so that its memory is given back.

    The child ends with this process.
    """
    command = [sys.executable, "-P", "-c", _APART, "build", "--build", str(settings.build), "--base", settings.base]
    if settings.plans is not None:
        command += ["--plans", str(settings.plans)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as making:  # noqa: S603 - our own
        code = making.wait()
    if code:
        # It has said why.
        raise typer.Exit(code)
    return built_now(settings)
