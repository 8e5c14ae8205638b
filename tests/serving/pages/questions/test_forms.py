"""Questions as forms: which fields there are, what stands in them, and what the sentence says."""

from crmgraph.library import LibraryQuestion, Parameter, Value
from crmgraph.library.phrase import read_phrase
from crmgraph.namespaces import Names
from crmgraph.site.questions.forms import form_of, sentence

MEANING = {"es": "Algo.", "en": "Something."}
FEW = Parameter("status", "concept", "any", MEANING, scheme="status", open={"es": "que sea", "en": "any"})
MANY = Parameter("element", "iri", "plan/x/1", MEANING, values="?value a cg:PlanElement")
YEAR = Parameter("from", "integer", "2003", MEANING)
WORDS = Parameter("words", "string", "retorno", MEANING)
PLAN = Parameter("plan", "iri", "plan/crm", MEANING, values="?value a cg:Plan")
PHRASE = {"es": "¿{status} {element} {from} {words}?", "en": "{words} {from} {element} {status}?"}
PARAMETERS = (PLAN, FEW, MANY, YEAR, WORDS)
QUESTION = LibraryQuestion(
    "q", MEANING, MEANING, "gaps", PARAMETERS, {}, "", Names(), read_phrase(PHRASE, [each.name for each in PARAMETERS])
)
ALLOWED = {
    "status": (Value("any", FEW.open), Value("done", {"es": "hecho", "en": "done"})),
    "element": tuple(Value(f"plan/x/{number}", {"en": f"{number} Part"}) for number in range(100)),
    "plan": (Value("plan/crm", {"en": "The plan"}), Value("plan/x", {"en": "Another"})),
}
VALUES = {"status": "done", "element": "plan/x/7", "from": "2004", "words": "a b", "plan": "plan/crm"}


def test_each_field_stands_in_its_place_in_the_sentence() -> None:
    form = form_of(QUESTION, VALUES, ALLOWED, {}, "en")
    assert [(part.words, part.field and part.field.name, part.ending) for part in form.sentence] == [
        ("", "words", ""),
        (" ", "from", ""),
        (" ", "element", ""),
        (" ", "status", "?"),
        ("", None, ""),
    ]
    assert [field.name for field in form.more] == ["plan"]
    assert not form.opens_more
    assert form.searches == "sentence"
    assert form_of(QUESTION, VALUES, {}, {}, "en").searches == ""


def test_a_question_without_a_sentence_has_all_its_fields_behind_it() -> None:
    plain = LibraryQuestion("q", MEANING, MEANING, "gaps", PARAMETERS, {}, "", Names())
    form = form_of(plain, VALUES, ALLOWED, {}, "en")
    assert form.sentence == ()
    assert form.searches == "more"
    assert [field.name for field in form.more] == [each.name for each in PARAMETERS]


def test_a_field_is_filled_in_as_its_values_ask_for() -> None:
    fields = {field.name: field for field in form_of(QUESTION, VALUES, ALLOWED, {}, "en").fields}
    assert {name: field.kind for name, field in fields.items()} == {
        "status": "menu",
        "element": "search",
        "from": "number",
        "words": "words",
        "plan": "menu",
    }
    assert fields["status"].value == "done"
    assert [option.name for option in fields["status"].options] == ["any", "done"]
    assert fields["element"].value == "7 Part"
    assert fields["words"].value == "a b"
    assert fields["from"].meaning == "Something"


def test_long_names_are_looked_for_even_where_they_are_few() -> None:
    long = {"status": tuple(Value(str(number), {"en": f"{number} " + "word " * 15}) for number in range(5))}
    fields = {field.name: field for field in form_of(QUESTION, {**VALUES, "status": "1"}, long, {}, "en").fields}
    assert fields["status"].kind == "search"


def test_what_is_wrong_stays_to_be_mended() -> None:
    wrong = {"status": "dnoe", "from": "soon"}
    fields = {field.name: field for field in form_of(QUESTION, VALUES, ALLOWED, wrong, "en").fields}
    assert (fields["status"].kind, fields["status"].value, fields["status"].is_wrong) == ("search", "dnoe", True)
    assert (fields["from"].kind, fields["from"].value, fields["from"].is_wrong) == ("number", "soon", True)
    assert not fields["words"].is_wrong


def test_other_fields_are_shown_at_once_where_they_are_changed() -> None:
    assert form_of(QUESTION, {**VALUES, "plan": "plan/x"}, ALLOWED, {}, "en").opens_more
    assert form_of(QUESTION, VALUES, ALLOWED, {"plan": "plan/y"}, "en").opens_more


def test_the_sentence_is_said_with_the_names_of_its_values() -> None:
    assert sentence(QUESTION, VALUES, ALLOWED, "es") == "¿hecho 7 Part 2004 «a b»?"
    assert sentence(QUESTION, VALUES, ALLOWED, "en") == "“a b” 2004 7 Part done?"


def test_a_menu_offers_what_the_sentence_says_and_a_search_what_is_understood() -> None:
    done = Parameter(
        "status", "concept", "any", MEANING, scheme="status", open=FEW.open, words={"done": {"en": "is done"}}
    )
    phrase = read_phrase({"en": "What {status}?"}, ["status"])
    asked = LibraryQuestion("q", MEANING, MEANING, "gaps", (done,), {}, "", Names(), phrase)
    (field,) = form_of(asked, {"status": "done"}, ALLOWED, {}, "en").fields
    assert [option.name for option in field.options] == ["any", "is done"]
    assert sentence(asked, {"status": "done"}, ALLOWED, "en") == "What is done?"
    (mended,) = form_of(asked, {"status": "done"}, ALLOWED, {"status": "dome"}, "en").fields
    assert [option.name for option in mended.options] == ["any", "done"]
