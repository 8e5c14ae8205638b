"""Words in quotation marks, which are others where they stand within those of a message."""

__all__ = ["nested", "quoted"]

_OUTER = {"es": "«»", "en": "“”"}
_INNER = {"es": str.maketrans("«»“”", "“”‘’"), "en": str.maketrans("“”", "‘’")}


def quoted(words: str, language: str) -> str:
    """Words in the quotation marks of a language, with others for those within them."""
    marks = _OUTER[language]
    return f"{marks[0]}{nested(words, language)}{marks[1]}"


def nested(words: str, language: str) -> str:
    """Words as they stand within the quotation marks of a language: marks of the same kind give way to the next."""
    return words.translate(_INNER[language]) if set(_OUTER[language]) & set(words) else words
