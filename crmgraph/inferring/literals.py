"""The values of literals: which are the same, which differ, and which datatypes they belong to.

Source: OWL 2 Profiles, section 4.2 (the datatypes) and table 8 (dt-type2, dt-eq, dt-diff, dt-not-type).
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from struct import pack, unpack

from rdflib import RDF, RDFS, XSD, Literal, URIRef

__all__ = ["DATATYPES", "Value", "belongs", "differ", "value_of"]

Value = tuple[str, Hashable]
"""A value space and a value in it; equal values are one value, however their literals are written."""

_ILL_TYPED = "ill-typed"
_UNKNOWN = "unknown"
# Not of OWL 2 RL, but used for dates here: written alike they are the same, and written differently they differ.
_DATES = frozenset({XSD.date, XSD.gYear, XSD.gYearMonth})
_INTEGERS: dict[URIRef, tuple[int | None, int | None]] = {
    XSD.integer: (None, None),
    XSD.nonNegativeInteger: (0, None),
    XSD.nonPositiveInteger: (None, 0),
    XSD.positiveInteger: (1, None),
    XSD.negativeInteger: (None, -1),
    XSD.long: (-(2**63), 2**63 - 1),
    XSD.int: (-(2**31), 2**31 - 1),
    XSD.short: (-(2**15), 2**15 - 1),
    XSD.byte: (-(2**7), 2**7 - 1),
    XSD.unsignedLong: (0, 2**64 - 1),
    XSD.unsignedInt: (0, 2**32 - 1),
    XSD.unsignedShort: (0, 2**16 - 1),
    XSD.unsignedByte: (0, 2**8 - 1),
}
_NAME_START = r"[^\W\d]"
_STRINGS: dict[URIRef, re.Pattern[str]] = {
    XSD.string: re.compile(r".*", re.DOTALL),
    XSD.normalizedString: re.compile(r"[^\t\n\r]*"),
    XSD.token: re.compile(r"|[^\s]+( [^\s]+)*"),
    XSD.language: re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    XSD.Name: re.compile(rf"(:|{_NAME_START})[\w.:·-]*"),
    XSD.NCName: re.compile(rf"{_NAME_START}[\w.·-]*"),
    XSD.NMTOKEN: re.compile(r"[\w.:·-]+"),
}
_PLAIN = RDF.PlainLiteral
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_INTEGER = re.compile(r"[+-]?\d+")
_DOUBLE = re.compile(r"[+-]?((\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|INF)|NaN")
_INSTANT = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")


def value_of(literal: Literal) -> Value:
    """The value of a literal. One whose words do not fit its datatype, or of an unknown one, is a value of its own."""
    words, datatype = str(literal), literal.datatype
    if literal.language:
        return "text", (words, literal.language.lower())
    if datatype is None or datatype == XSD.string:
        return "text", (words, "")
    read = _READERS.get(datatype)
    if read is None:
        return ("dates" if datatype in _DATES else _UNKNOWN), (datatype, words)
    try:
        value = read(words)
    except (ValueError, ArithmeticError, Base64Error):
        return _ILL_TYPED, (datatype, words)
    return value if belongs(value, datatype) else (_ILL_TYPED, (datatype, words))


def differ(one: Value, other: Value) -> bool:
    """Whether the two are known to be different values (dt-diff); of an unknown datatype nothing is known."""
    if _UNKNOWN in (one[0], other[0]) or _ILL_TYPED in (one[0], other[0]):
        return False
    return one != other


def belongs(value: Value, datatype: URIRef) -> bool:
    """Whether the value is in the value space of a datatype of OWL 2 RL (dt-type2; dt-not-type where it is not)."""
    space, content = value
    if space in (_ILL_TYPED, _UNKNOWN):
        return space == _UNKNOWN and datatype == RDFS.Literal
    if datatype == RDFS.Literal:
        return True
    if datatype in _INTEGERS:
        low, high = _INTEGERS[datatype]
        return (
            space == "number"
            and isinstance(content, Decimal)
            and content == content.to_integral_value()
            and (low is None or content >= low)
            and (high is None or content <= high)
        )
    if datatype in _STRINGS:
        assert space != "text" or isinstance(content, tuple)
        return (
            space == "text"
            and isinstance(content, tuple)
            and not content[1]
            and _STRINGS[datatype].fullmatch(content[0]) is not None
        )
    if datatype == XSD.dateTimeStamp:
        return space == "instant"
    if datatype == XSD.dateTime:
        return space in ("instant", "local time")
    return space == _SPACES[datatype]


def _decimal(words: str) -> Value:
    if not _DECIMAL.fullmatch(words):
        raise ValueError(words)
    return "number", Decimal(words).normalize()


def _integer(words: str) -> Value:
    if not _INTEGER.fullmatch(words):
        raise ValueError(words)
    return "number", Decimal(words).normalize()


def _double(words: str) -> Value:
    if not _DOUBLE.fullmatch(words):
        raise ValueError(words)
    return "double", repr(float(words.replace("INF", "inf")))


def _float(words: str) -> Value:
    number = float(_double(words)[1])  # type: ignore[arg-type]
    try:
        return "float", repr(unpack("f", pack("f", number))[0])
    except OverflowError:
        return "float", repr(float("inf") if number > 0 else float("-inf"))


def _boolean(words: str) -> Value:
    return "boolean", _BOOLEANS[words] if words in _BOOLEANS else _wrong(words)


def _wrong(words: str) -> bool:
    raise ValueError(words)


def _text(words: str) -> Value:
    return "text", (words, "")


def _plain(words: str) -> Value:
    text, at, language = words.rpartition("@")
    if not at or (language and not _LANGUAGE.fullmatch(language)):
        raise ValueError(words)
    return "text", (text, language.lower())


def _instant(words: str) -> Value:
    match = _INSTANT.fullmatch(words)
    if match is None:
        raise ValueError(words)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    # 24:00:00 is the start of the next day; Python's years end at 1 and 9999.
    moment = datetime(year, month, day, hour % 24, minute, second, tzinfo=UTC) + timedelta(days=hour // 24)
    fraction = Decimal(match[7] or "0").normalize()
    if hour > 24 or (hour == 24 and (minute or second or fraction)):
        raise ValueError(words)
    if match[8] is None:
        return "local time", (moment, fraction)
    if match[8] != "Z":
        sign = -1 if match[8][0] == "-" else 1
        moment -= sign * timedelta(hours=int(match[8][1:3]), minutes=int(match[8][4:]))
    return "instant", (moment, fraction)


def _hexadecimal(words: str) -> Value:
    return "hexadecimal", bytes.fromhex(words)


def _base64(words: str) -> Value:
    return "base64", b64decode("".join(words.split()), validate=True)


def _address(words: str) -> Value:
    return "address", words


def _xml(words: str) -> Value:
    return "xml", words


_READERS: dict[URIRef, Callable[[str], Value]] = {
    **dict.fromkeys(_INTEGERS, _integer),
    **dict.fromkeys(_STRINGS, _text),
    XSD.decimal: _decimal,
    XSD.double: _double,
    XSD.float: _float,
    XSD.boolean: _boolean,
    XSD.dateTime: _instant,
    XSD.dateTimeStamp: _instant,
    XSD.hexBinary: _hexadecimal,
    XSD.base64Binary: _base64,
    XSD.anyURI: _address,
    _PLAIN: _plain,
    RDF.XMLLiteral: _xml,
}
_SPACES = {
    XSD.decimal: "number",
    XSD.double: "double",
    XSD.float: "float",
    XSD.boolean: "boolean",
    XSD.hexBinary: "hexadecimal",
    XSD.base64Binary: "base64",
    XSD.anyURI: "address",
    _PLAIN: "text",
    RDF.XMLLiteral: "xml",
}
DATATYPES = frozenset({*_READERS, RDFS.Literal})
"""The datatypes of OWL 2 RL."""
