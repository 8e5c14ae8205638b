"""Verbs in the future, in Spanish, that surely lack their accent."""

import re
from collections.abc import Iterator

__all__ = ["bare_futures"]

_IRREGULAR = (
    r"(?:re|des|satis)?hara|(?:contra|pre)?dira|habra|podra|querra|sabra|(?:equi|pre)?valdra|(?:sobre)?saldra"
    r"|(?:abs|con|de|en|entre|man|ob|re|sos)?tendra|(?:com|contra|de|dis|ex|im|inter|o|pos|pre|pro|re|su|super|tras)?pondra"
    r"|(?:con|contra|de|inter|pre|pro|re)?vendra|dara|sera|estara|pre(?:ve|di)ra"
)
_IN_ER = (
    r"[a-zñ]+ecera|(?:des|re)?conocera|debera|(?:pro|re|con)?movera|(?:cor)?respondera|(?:com|em|sor)?prendera|aprendera"
    r"|[a-zñ]*(?:at|ext|ent|def|of|dep|susp|desc|trasc|v)endera|(?:ac|ante|con|ex|inter|pro|su)cedera"
    r"|(?:co|compro|pro|so)metera|(?:cr|l|pos|prov)eera|(?:re|di)solvera|(?:de|en)volvera|(?:a|es|re)cogera|protegera"
    r"|(?:con)?vencera|ejercera|perdera|(?:a|con|ex|sus)?traera|(?:re)?caera|rompera"
)
_IN_IR = (
    r"(?:(?:re|entre)?abr|(?:des|en|re)?cubr|sufr|nutr|(?:con|dis|in|o|re|trans)curr|(?:ad|in)quir|requer|her|mor"
    r"|(?:con|de|di|in|inter|pre|pro|re|trans)fer|(?:di|in|su)ger|adher|(?:con|dis)cern"
    r"|(?:ad|circun|de|e|in|pre|pro|ree|sub?|tran)scrib|(?:aper|per|re)cib|conceb|(?:co|ex|in|pro)hib|sub|(?:in|su)cumb"
    r"|(?:des|ex|im)?ped|med|(?:co|re)?incid|decid|(?:pre|re)sid|(?:sub)?divid|(?:e|in)vad|(?:di|per)suad|añad|expand"
    r"|(?:s?ac|al|el)ud|(?:con|di|in|re)?fund|hund|rend|aplaud|(?:a|trans)gred|(?:e|pre|re)scind"
    r"|(?:re)?dirig|(?:ex|trans)ig|erig|(?:re)?eleg|correg|reg|(?:re)?surg|sumerg|(?:con|di)verg|f[iu]ng|(?:a|in)flig"
    r"|(?:inf|rest)ring|(?:com|de|im|re)?part|(?:(?:re)?ad|di|e|o|per|re|(?:re)?trans)mit|(?:a|con|de|in|per|re|sub)sist"
    r"|(?:co)?exist|(?:a|con|di|pre|re)?sent|desment|(?:ad|(?:re)?con|contro|di|per|(?:re)?in|re|sub)vert|arrepent"
    r"|discut|(?:re)?percut|(?:a|com|de|re)?bat|(?:com|re)pet|(?:in|re)?vest|embest|surt"
    r"|(?:des|re)?un|(?:re)?defin|(?:in)?cumpl|supl|pul|abol|(?:a|con|pre|rea?|sub)sum|dorm|exim|redim|dirim"
    r"|(?:com|de|ex|(?:re)?im|o|re|su)prim|(?:inter|ir|pror)rump|escup|esculp|serv|herv|(?:con|per|re|sobre)?viv"
    r"|(?:a|con|de|in|intro|pro|re|repro|se|tra)duc|(?:re)?luc|esparc|resarc|(?:ben|mal)dec"
    r"|(?:con|per|pro)?segu|(?:dis|ex)tingu|(?:(?:re)?con|in|ob)stru|destru|(?:(?:re)?cons|des|ins|pros|res|sus)titu"
    r"|(?:a|con|(?:re)?dis|re)tribu|(?:con|ex|in|re)clu|(?:a|con|in)?flu|disminu|(?:re)?hu|dilu|inmiscu|(?:des)?o)ira"
)
_OTHER = re.compile(r"(?:cab|mer|bec)ecera")
"""A noun that ends as those verbs do."""
_NO_TWIN = re.compile(rf"(?<!\w)(?:{_IRREGULAR}|{_IN_ER}|{_IN_IR})n?(?![\w\u0300-\u036f])", re.IGNORECASE)
"""What is no word of Spanish as it stands: of the futures in -ará many are also a present (prepara) or a wish, and in
-erá a noun (manera). Each is of a verb that is known: -ira ends names and nouns, too (Elvira, mentira), and words of
Portuguese (fronteira)."""
_AFTER_SUBJECT = re.compile(
    r"(?:\A(?:[\d.]+\s+)?|[.;:,]\s+)(?:el|la|los|las|cada)\s+(?:(?:[^\W\d_]\u0301?)+\s+){1,8}"
    r"([^\W\d_]{4,}aran?)(?=\s+[^\W\d_])",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"(?:\A(?:[\d.]+\s+)?|\.\s+)(?:[Ss]e\s+(?:l[aeo]s?\s+)?([^\W\d_]{4,}aran?)|([^\W\d_]{4,}aran))(?=\s+[^\W\d_])"
)
_SENTENCE = re.compile(r"[.;:](?:\s|\Z)")
_OPENS = re.compile(r"(?:\A|[.;:])\s*[\d.]*\s*\Z")
_SUBORDINATES = re.compile(
    r"\b(?:que|si|cuando|como|donde|quien(?:es)?|aunque|ojal[aá]|cual(?:es)?|mientras|apenas|quiz[aá]s?|tal vez)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"(?:prep|decl|comp|sep|amp|rep|acl|disp|dep|acap|equip|desamp|enmasc|descar|encar)aran?", re.IGNORECASE
)
_NOUNS = frozenset({"algazara", "almenara", "alquitara", "cuchara", "mampara", "preclara"})


def bare_futures(text: str) -> Iterator[tuple[int, int]]:
    """Where futures stand without their accent: code points, end exclusive.

    “Se reunira” is nothing else; “la OIM preparara” says nothing that a main clause can say, and is meant as
    “preparará”, and so is “Se publicara” at the beginning of a sentence.
    """
    for match in _NO_TWIN.finditer(text):
        word = match[0].lower().removesuffix("n")
        if not _OTHER.fullmatch(word) and (match[0].islower() or _begins(text, match)):
            yield match.span()
    for match in _AFTER_SUBJECT.finditer(text):
        if match[1].islower() and _is_future(match[1]) and not _depends(text, match):
            yield match.span(1)
    for match in _FIRST.finditer(text):
        verb = 1 if match[1] else 2
        if _is_future(match[verb]) and match[verb][1:].islower():
            yield match.span(verb)


def _begins(text: str, word: re.Match[str]) -> bool:
    """Whether a word with a capital has it because it begins a sentence."""
    return word[0][1:].islower() and _OPENS.search(text, 0, word.start()) is not None


def _is_future(verb: str) -> bool:
    return not _PRESENT.fullmatch(verb) and verb.lower() not in _NOUNS and not _NO_TWIN.fullmatch(verb)


def _depends(text: str, verb: re.Match[str]) -> bool:
    """Whether the clause of a verb depends on another, where the ending may be that of a wish."""
    begun = max((stop.end() for stop in _SENTENCE.finditer(text, 0, verb.start(1))), default=0)
    return _SUBORDINATES.search(text, begun, verb.start(1)) is not None
