"""Messages about questions that get no answer."""

from crmgraph.wording import Bilingual

__all__ = [
    "ABANDONED",
    "CLOSED",
    "QUERY",
    "all_busy",
    "cut_off",
    "died",
    "failed",
    "no_process",
    "no_room",
    "out_of_memory",
    "too_deep",
    "too_late",
    "too_many",
]

CLOSED = Bilingual(
    "No more questions are answered: the server is being stopped.",
    "Ya no se responden preguntas: el servidor se está deteniendo.",
)
"""The pool is closed."""

ABANDONED = Bilingual("Nobody is waiting for the answer any more.", "Ya nadie espera la respuesta.")
"""The client has left."""


def too_many(queue: int) -> Bilingual:
    """Return the message where so many questions wait already."""
    return Bilingual(
        f"As many questions are waiting for an answer as may wait ({queue}). Ask again later.",
        f"Ya esperan respuesta todas las consultas que pueden esperar ({queue}). Vuelva a preguntar más tarde.",
    )


def all_busy(seconds: float) -> Bilingual:
    """Return the message where no worker was free for so many seconds."""
    return Bilingual(
        f"All processes were busy with other queries for {seconds:g} s. Ask again later.",
        f"Todos los procesos estuvieron ocupados con otras consultas durante {seconds:g} s. Vuelva a preguntar "
        "más tarde.",
    )


def no_process(why: str) -> Bilingual:
    """Return the message where the system cannot start another process."""
    return Bilingual(
        f"A process for the query could not be started: {why}.",
        f"No se pudo iniciar un proceso para la consulta: {why}.",
    )


QUERY = Bilingual("query", "consulta")
"""The work of a process, in messages on why it ended."""

_LESS = Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT.")


def out_of_memory(limit: int, work: Bilingual = QUERY) -> Bilingual:
    """Return the message where a process needs more memory than it may use, in bytes."""
    mebibytes = limit // 2**20
    return Bilingual(
        f"The {work} needs more than {mebibytes} MiB of memory, the most it may use. Ask for less at a time.",
        f"La {work.spanish} necesita más de {mebibytes} MiB de memoria, el máximo que puede usar. Pida menos a la vez.",
    )


def too_deep(work: Bilingual = QUERY) -> Bilingual:
    """Return the message where the engine cannot take the depth of a query or an update."""
    return Bilingual(
        f"The {work} is too deeply nested for the engine. Write it in fewer or shorter parts.",
        f"La {work.spanish} tiene demasiados niveles de anidamiento para el motor. Escríbala en menos partes o en "
        "partes más cortas.",
    )


def too_late(seconds: float, work: Bilingual = QUERY, advice: Bilingual = _LESS) -> Bilingual:
    """Return the message at the time limit."""
    return Bilingual(
        f"The {work} took longer than {seconds:g} s and was ended. {advice}",
        f"La {work.spanish} tardó más de {seconds:g} s y se interrumpió. {advice.spanish}",
    )


def died(status: int | None, work: Bilingual = QUERY) -> Bilingual:
    """Return the message where a process ended for another reason, with its exit status."""
    return Bilingual(
        f"The process of the {work} ended before it was done (status {status}). Try again.",
        f"El proceso de la {work.spanish} se cerró antes de terminar (estado {status}). Vuelva a intentarlo.",
    )


def failed(name: str, work: Bilingual) -> Bilingual:
    """Return the message where work failed for no reason that is foreseen, with the name of the exception."""
    return Bilingual(f"The {work} failed on our side ({name}).", f"La {work.spanish} falló de nuestro lado ({name}).")


def no_room() -> Bilingual:
    """Return the message where large answers that are being read leave no room for another."""
    return Bilingual(
        "Too many large answers are being sent at once. Ask for less, or ask again later.",
        "Se están enviando demasiadas respuestas grandes a la vez. Pida menos, o vuelva a preguntar más tarde.",
    )


def cut_off() -> Bilingual:
    """Return the message where an answer that was read slowly had to make room for others."""
    return Bilingual(
        "The answer was read too slowly while others waited for theirs. Ask for less at a time.",
        "La respuesta se leía demasiado despacio mientras otros esperaban la suya. Pida menos a la vez.",
    )
