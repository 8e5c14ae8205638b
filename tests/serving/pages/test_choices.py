"""Who asks for what cannot be chosen is told by what, as people call it and as addresses have it."""

import pytest

from crmgraph.errors import UsageError
from crmgraph.site.choices import check_choice
from crmgraph.wording import Bilingual, in_language

STATUS = Bilingual("status", "estado")


def test_what_there_is_may_be_chosen() -> None:
    check_choice("status", STATUS, "pending", {"pending": "pendiente"})
    check_choice("status", STATUS, "", {"": "", "pending": "pendiente"})


def test_what_there_is_not_is_told_with_what_there_is() -> None:
    with pytest.raises(UsageError) as error:
        check_choice("status", STATUS, "late", {"": "", "pending": "pendiente", "done": ""})
    assert str(error.value) == "“late” is no status here. The parameter status takes: pendiente (pending), done."
    assert in_language(error.value, "es") == (
        "«late» no es aquí valor de estado. El parámetro status admite: pendiente (pending), done."
    )


def test_of_many_the_first_are_told() -> None:
    with pytest.raises(UsageError, match=r"takes: 0, 1, .*, 11 and 88 more\.$") as error:
        check_choice("actor", Bilingual("actor", "actor"), "x" * 500, {str(number): "" for number in range(100)})
    assert in_language(error.value, "es").endswith(", 11 y 88 más.")
    assert len(str(error.value)) < 200


def test_where_there_is_nothing_to_choose_one_is_told_to_leave_it_out() -> None:
    with pytest.raises(UsageError, match=r"^There is no status here to be chosen by\. Leave status out") as error:
        check_choice("status", STATUS, "late", {})
    assert in_language(error.value, "es") == "Aquí no hay estado por elegir. Quite status de la dirección."
