"""What a write that failed leaves, which whoever sent it is told in the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from crmgraph.errors import AnswerError, StorageError
from crmgraph.storing.faults import fault, unkept
from crmgraph.wording import Advised, Bilingual, in_language, joined

__all__ = ["NOTHING", "UNKNOWN", "change_unkept", "followed", "leaving_nothing"]

NOTHING = Bilingual("Nothing was changed.", "No se cambió nada.")
UNKNOWN = Bilingual(
    "It is not known whether the change was made: look at the data when the engine answers again.",
    "No se sabe si se hizo el cambio: mire los datos cuando el motor vuelva a responder.",
)

_CHANGE = Bilingual("The change", "El cambio")


def change_unkept(error: Exception) -> StorageError:
    """The error where the disk takes no change, with what the disk said; such a change was not made."""
    return StorageError(joined(unkept(_CHANGE, fault(error)), NOTHING))


def followed(error: AnswerError, aftermath: Bilingual) -> AnswerError:
    """The error, with what it leaves in the place of advice that is for those who ask."""
    said = error.args[0] if error.args else ""
    fault = said.fault if isinstance(said, Advised) else Bilingual(in_language(error, "en"), in_language(error, "es"))
    return type(error)(joined(fault, aftermath))


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """What fails in here leaves nothing, and says so."""
    try:
        yield
    except AnswerError as error:
        raise followed(error, NOTHING) from None
