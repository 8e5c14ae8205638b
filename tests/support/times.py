"""The times that a text says, as tests compare them."""

from crmgraph.describing.timing import find_times

__all__ = ["said"]


def said(text: str) -> list[tuple[str, str, str]]:
    """The words, the property and the value of each time in `text`."""
    return [(text[each.start : each.end], each.property, each.value) for each in find_times(text)]
