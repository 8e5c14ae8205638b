"""The words before a date, once folded, and how they bear on it."""

__all__ = ["LEAD_KINDS"]

_PUT_OFF = tuple(f"{stem}{end}" for stem in ("aplazad", "postergad", "pospuest") for end in ("o", "a", "os", "as"))
_LEADS = {
    "date": ("en", "durante", "para", "a mas tardar", "a mas tardar en", "in", "during", "by", "for", "on",
             "throughout", "no later than", "a lo largo de", *(f"{put_off} a" for put_off in _PUT_OFF), "postponed to"),
    "since": ("desde", "a partir de", "since", "starting", "starting in", "starting on", "beginning in", "as of"),
    "until": ("hasta", "until", "till", "through"),
    "between": ("entre", "between", "from"),
    "of": ("de",),
    "nothing": ("antes de", "no antes de", "despues de", "tras", "previo a", "anterior a", "anteriores a",
                "posterior a", "posteriores a", "hasta antes de", "cerca de", "alrededor de", "before",
                "after", "prior to", "about"),
}  # fmt: skip
"""How the words before a date bear on it; `of` and `between` only join what makes up a range."""
LEAD_KINDS = {word: kind for kind, words in _LEADS.items() for word in words}
"""The kind of each of them."""
