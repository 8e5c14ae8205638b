"""What the pool says to those whose questions it cannot take."""

from crmgraph.wording import Bilingual

__all__ = ["CLOSED", "CUT_OFF", "all_busy", "no_process", "too_many"]

CLOSED = Bilingual(
    "No more questions are answered: the server is being stopped.",
    "Ya no se responden preguntas: el servidor se está deteniendo.",
)
"""What to say to whoever waits when the pool is closed."""

CUT_OFF = Bilingual(
    "The answer was read too slowly while others waited for theirs. Ask for less at a time.",
    "La respuesta se leía demasiado despacio mientras otros esperaban la suya. Pida menos a la vez.",
)
"""What to say to whoever keeps others waiting."""


def too_many(queue: int) -> Bilingual:
    """What to say where so many questions wait."""
    return Bilingual(
        f"As many questions are waiting for an answer as may wait ({queue}). Ask again later.",
        f"Ya esperan respuesta todas las consultas que pueden esperar ({queue}). Vuelva a preguntar más tarde.",
    )


def all_busy(seconds: float) -> Bilingual:
    """What to say where no process was free for so many seconds."""
    return Bilingual(
        f"All processes were busy with other queries for {seconds:g} s. Ask again later.",
        f"Todos los procesos estuvieron ocupados con otras consultas durante {seconds:g} s. Vuelva a preguntar "
        "más tarde.",
    )


def no_process(error: OSError) -> Bilingual:
    """What to say where the system has no room for another process."""
    return Bilingual(
        f"A process for the query could not be started: {error.strerror}.",
        f"No se pudo iniciar un proceso para la consulta: {error.strerror}.",
    )
