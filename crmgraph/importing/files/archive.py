"""The archives that Office and OpenDocument files are."""

import io
import zipfile
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import MOST_UNPACKED

__all__ = ["open_archive"]


def open_archive(data: bytes, file: Path) -> zipfile.ZipFile:
    """The archive that such a file is. Raises SourceError where it is none, or would be too large when unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise broken(file, f"a {file.suffix.lower()} file") from None
    if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
        raise SourceError(f"unpacked it has more than {MOST_UNPACKED:,} bytes", Place(file))
    return archive
