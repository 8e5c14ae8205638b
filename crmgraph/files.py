"""Files: the folders of the package, and functions that read files and bytes from outside, with one clear error."""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from crmgraph.errors import InputError, Place, TableError, UsageError

STATIC = Path(__file__).parent / "site" / "static"
"""Folder of the built assets of the site: style sheets and scripts."""

_ASSETS = (
    "site.css",
    "page.css",
    "noscript.css",
    "site.js",
    "workbench.js",
    "picture.css",
    "pictures.js",
    "icon.svg",
)
_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the path of the folder `ontology`, `data` or `queries`, wherever this package is installed."""
    installed = _PACKAGE / "share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def check_assets(folder: Path | None = None) -> None:
    """Raise UsageError if an asset that the pages need is missing from the folder, by default STATIC."""
    if missing := [name for name in _ASSETS if not ((folder or STATIC) / name).is_file()]:
        raise UsageError(f"the site's {', '.join(missing)} are not built; install the package again to build them")


# Any entity can be an attack: a few hundred bytes can expand to gigabytes, and external entities read other files.
_DECLARATION = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
# Namespace entities, as ontology editors write them. A value contains no other entity.
_PREFIX_ENTITY = rb"""<!ENTITY\s+([\w.-]{1,64})\s+("[a-z]+:[^\s"<>&%]{1,256}"|'[a-z]+:[^\s"'<>&%]{1,256}')\s*>"""
_PREFIX_ENTITIES = re.compile(rb"<!DOCTYPE\s+[\w:.-]{1,64}\s*\[(?:\s*" + _PREFIX_ENTITY + rb"){1,100}\s*\]\s*>")
_MAX_EXPANSION = 8
# The loader in C is ten times as fast, if PyYAML was built with it.
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text(file: Path, error: type[InputError], max_bytes: int | None = None, stream: BinaryIO | None = None) -> str:
    """Return the text of a file, without a byte order mark. Raises `error` as `read_bytes` and `decode` do."""
    return decode(read_bytes(file, error, max_bytes, stream), error, file)


def read_bytes(
    file: Path, error: type[InputError], max_bytes: int | None = None, stream: BinaryIO | None = None
) -> bytes:
    """Return the content of a file. Raises `error` if the file cannot be read or has more than `max_bytes` bytes.

    The content is read up to the limit, and the size is not looked up, since a device or a pipe has no size. A `stream`
    is read instead of the file, which then only gives its name to messages.
    """
    data = read_start(file, error, None if max_bytes is None else max_bytes + 1, stream)
    if max_bytes is not None and len(data) > max_bytes:
        raise error(f"this is larger than {max_bytes:,} bytes, the most that is read", Place(file))
    return data


def read_start(file: Path, error: type[InputError], max_bytes: int | None, stream: BinaryIO | None = None) -> bytes:
    """Return at most the first `max_bytes` bytes of a file or `stream`. Raises `error` if it cannot be read."""
    try:
        with nullcontext(stream) if stream else file.open("rb") as opened:
            return opened.read(-1 if max_bytes is None else max_bytes)
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror or problem}", Place(file)) from None


def decode(data: bytes, error: type[InputError], file: Path | None = None) -> str:
    """Decode bytes as UTF-8, without a byte order mark. Raises `error` at the position of the first invalid byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # `problem.start` is an offset in `problem.object`, which has no byte order mark.
        before = problem.object[: problem.start].decode("utf-8-sig", "replace")
        raise error(
            f"byte 0x{problem.object[problem.start]:02x} is not UTF-8; save the text as UTF-8 and try again",
            Place.of(before, len(before), file),
        ) from None


def sha256_of(file: Path) -> str:
    """Return the SHA-256 digest of the content of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def csv_records(
    lines: Iterable[str], delimiter: str, skipped: int, error: type[InputError], file: Path, where: str = ""
) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV text (RFC 4180), each with the number, from 1, of the line where it begins.

    Args:
        lines: The lines of the text, with their line ends.
        delimiter: The character between two cells.
        skipped: The number of lines of the file before these.
        error: The error to raise for malformed text, at the line where the record begins.
        file: The file, for the error.
        where: What the message adds about the place of the quotation marks.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begin = skipped + 1
    try:
        for cells in reader:
            yield begin, cells
            begin = skipped + reader.line_num + 1
    except csv.Error as problem:
        raise error(f"this is not CSV: {problem}; look at the quotation marks{where}", Place(file, begin)) from None


def read_front_matter(file: Path) -> tuple[Any, str]:
    """Return the front matter of a query file, parsed, and the query itself.

    The front matter is YAML in lines that begin with `#+`. Raises TableError if the file cannot be read or the front
    matter is not YAML.
    """
    lines = read_text(file, TableError).splitlines()
    front = "\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+"))
    query = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    return read_yaml(front, file), query


def read_yaml(text: str, file: Path) -> Any:
    """Return the value of a YAML text from `file`. Raises TableError if the text is not YAML."""
    try:
        return yaml.load(text, _LOADER)  # noqa: S506 - either loader is a safe one
    except yaml.YAMLError as error:
        raise TableError(f"this is not YAML: {error}", Place(file)) from None


def has_unsafe_entities(data: bytes) -> bool:
    """Return whether XML contains a DOCTYPE or entity declaration other than harmless namespace prefixes.

    Ontology editors declare entities for namespaces, such as `<!ENTITY owl "http://www.w3.org/2002/07/owl#">`. Up to a
    hundred are allowed, if expanding them makes the text at most eight times as long. Other entities could expand to
    gigabytes or refer to other files.
    """
    found = _DECLARATION.search(data)
    if found is None:
        return False
    declared = _PREFIX_ENTITIES.match(data, found.start())
    return (
        declared is None
        or _DECLARATION.search(data, declared.end()) is not None
        or _expands_too_much(data, declared[0])
    )


def double_quote_entities(data: bytes) -> bytes:
    """Return XML with the values of its namespace entities in double quotes.

    The engine does not accept single quotes, as in `<!ENTITY owl 'http://www.w3.org/2002/07/owl#'>`.
    """
    found = _PREFIX_ENTITIES.search(data)
    if found is None or b"<![CDATA[" in data[: found.start()]:
        return data
    return data[: found.start()] + found[0].replace(b"'", b'"') + data[found.end() :]


def _expands_too_much(data: bytes, declared: bytes) -> bool:
    """Return whether the entities, when expanded, are longer than _MAX_EXPANSION times the XML."""
    lengths = {name: len(quoted) - 2 for name, quoted in re.findall(_PREFIX_ENTITY, declared)}
    used = re.findall(rb"&([\w.-]+);", data)
    return sum(lengths.get(name, 0) for name in used) > _MAX_EXPANSION * len(data)
