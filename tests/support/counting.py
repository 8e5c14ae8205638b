"""The numbers of the parts of an imported plan."""

from crmgraph.reading.model import Attachment, Part


def counted(part: Part) -> str | None:
    """Return the number that is printed before a part or, for a part numbered by the import, the number in its id."""
    given = part.id.rpartition("/")[2] if part.attached_by is Attachment.FILE_ROW else None
    return part.number or given
