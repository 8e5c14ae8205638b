"""What a visitor may choose from: the values that a parameter of an address takes."""

from collections.abc import Mapping

from crmgraph.errors import UsageError
from crmgraph.wording import Bilingual, shortened

__all__ = ["check_choice"]

_MOST_TOLD = 12
_LONGEST = 60


def check_choice(parameter: str, called: Bilingual, value: str, choices: Mapping[str, str]) -> None:
    """Raises UsageError where a value is none of the `choices`, which have what each is called, or nothing.

    `called` is what people call that of which the parameter has a value.
    """
    if value in choices:
        return
    told = [f"{label} ({name})" if label else name for name, label in choices.items() if name]
    listed, more = ", ".join(told[:_MOST_TOLD]), len(told) - _MOST_TOLD
    shown = shortened(value, _LONGEST)
    if not told:
        raise UsageError(
            Bilingual(
                f"There is no {called} here to be chosen by. Leave {parameter} out of the address.",
                f"Aquí no hay {called.spanish} por elegir. Quite {parameter} de la dirección.",
            )
        )
    raise UsageError(
        Bilingual(
            f"“{shown}” is no {called} here. The parameter {parameter} takes: {listed}"
            + (f" and {more} more." if more > 0 else "."),
            f"«{shown}» no es aquí valor de {called.spanish}. El parámetro {parameter} admite: {listed}"
            + (f" y {more} más." if more > 0 else "."),
        )
    )
