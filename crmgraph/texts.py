"""Reading of external text: UTF-8, of limited length, with one clear error otherwise."""

import re
from pathlib import Path

from crmgraph.errors import InputError, Place

# A few hundred bytes of entities grow to gigabytes, and some lead elsewhere.
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
# What editors of ontologies write: names for the beginnings of IRIs, none of which has another in it.
_NAMESPACE = rb"""<!ENTITY\s+([\w.-]{1,64})\s+("[a-z]+:[^\s"<>&%]{1,256}"|'[a-z]+:[^\s"'<>&%]{1,256}')\s*>"""
_NAMESPACES = re.compile(rb"<!DOCTYPE\s+[\w:.-]{1,64}\s*\[(?:\s*" + _NAMESPACE + rb"){1,100}\s*\]\s*>")
_MOST_GROWTH = 8


def read_text(file: Path, error: type[InputError], most: int | None = None) -> str:
    """Return the text of `file`, without a byte-order mark. Raises `error` as `read_bytes` and `decode` do."""
    return decode(read_bytes(file, error, most), error, file)


def read_bytes(file: Path, error: type[InputError], most: int | None = None) -> bytes:
    """Return the content of `file`. Raises `error` where it cannot be read or has more than `most` bytes.

    The size is not looked up, since a device or a pipe has none.
    """
    data = read_start(file, error, None if most is None else most + 1)
    if most is not None and len(data) > most:
        raise error(f"this is larger than {most:,} bytes, the most that is read", Place(file))
    return data


def read_start(file: Path, error: type[InputError], most: int | None) -> bytes:
    """Return at most the first `most` bytes of `file`. Raises `error` where it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read() if most is None else opened.read(most)
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror or problem}", Place(file)) from None


def decode(data: bytes, error: type[InputError], file: Path | None = None) -> str:
    """Decode `data` as UTF-8, without a byte-order mark. Raises `error` with the place of the first wrong byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # Python counts from behind a byte-order mark, in what it then calls the object.
        before = problem.object[: problem.start].decode("utf-8-sig", "replace")
        raise error(
            f"byte 0x{problem.object[problem.start]:02x} is not UTF-8; save the text as UTF-8 and try again",
            Place.of(before, len(before), file),
        ) from None


def declares_entities(data: bytes) -> bool:
    """Tell whether XML has a document type or entities, which RDF/XML does without.

    A few entities for the beginnings of IRIs are allowed, where they make the text at most eight times as long.
    """
    found = _ENTITY.search(data)
    if found is None:
        return False
    declared = _NAMESPACES.match(data, found.start())
    return declared is None or _ENTITY.search(data, declared.end()) is not None or _grows(data, declared[0])


def in_double_quotes(data: bytes) -> bytes:
    """Return XML with the values of such entities in double quotes, the only ones that the engine reads."""
    found = _NAMESPACES.search(data)
    if found is None or b"<![CDATA[" in data[: found.start()]:
        return data
    return data[: found.start()] + found[0].replace(b"'", b'"') + data[found.end() :]


def _grows(data: bytes, declared: bytes) -> bool:
    """Tell whether XML grows too much when its entities are expanded."""
    lengths = {name: len(quoted) - 2 for name, quoted in re.findall(_NAMESPACE, declared)}
    used = re.findall(rb"&([\w.-]+);", data)
    return sum(lengths.get(name, 0) for name in used) > _MOST_GROWTH * len(data)
