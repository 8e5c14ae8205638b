"""The lines in the text of a cell."""

__all__ = ["lines"]


def lines(text: str) -> str:
    """The text with line feeds between its lines, and no tab, which would begin a cell."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\t", " ")
