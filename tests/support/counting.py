"""The numbers by which an imported plan counts its parts."""

from crmgraph.reading.model import Attachment, Part


def counted(part: Part) -> str | None:
    """The number that is printed before a part, or that an import gave it, of which only the id tells."""
    given = part.id.rpartition("/")[2] if part.attached_by is Attachment.FILE_ROW else None
    return part.number or given
