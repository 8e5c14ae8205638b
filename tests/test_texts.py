"""Text files: encoding, size, and the entities that XML declares."""

from pathlib import Path

import pytest

from crmgraph.errors import TableError, UsageError
from crmgraph.files import decode, double_quote_entities, has_unsafe_entities, read_bytes, read_text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "text.txt"


def test_byte_order_mark_is_left_out(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + "qué\r\n".encode())
    assert read_text(file, UsageError) == "qué\r\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"ab\xff", "line 1, column 3: byte 0xff is not UTF-8; save the text as UTF-8 and try again"),
        ("uno\r\ndos ñ".encode("latin-1"), "line 2, column 5: byte 0xf1 is not UTF-8"),
        (b"\xef\xbb\xbfa\rb\x80", "line 2, column 2: byte 0x80 is not UTF-8"),
        (b"caf\xc3", "line 1, column 4: byte 0xc3 is not UTF-8"),
    ],
)
def test_first_wrong_byte_has_its_place(data: bytes, says: str, file: Path) -> None:
    with pytest.raises(UsageError) as caught:
        decode(data, UsageError)
    assert str(caught.value).startswith(says)
    file.write_bytes(data)
    with pytest.raises(TableError) as named:
        read_text(file, TableError)
    assert str(named.value).startswith(f"{file}, {says}")


def test_size_limit(file: Path) -> None:
    file.write_bytes(b"x" * 1000)
    assert read_bytes(file, UsageError, 1000) == read_bytes(file, UsageError) == b"x" * 1000
    with pytest.raises(UsageError, match=r"text\.txt: this is larger than 999 bytes, the most that is read"):
        read_bytes(file, UsageError, 999)


ENTITIES = [
    ("<r>&amp;</r>", False),
    ('<!DOCTYPE r [\n  <!ENTITY e "http://e/" >\n  <!ENTITY f "urn:f:">\n]>\n<r>&e;</r>', False),
    ("<!DOCTYPE r [<!ENTITY e 'http://e/'><!ENTITY f \"urn:f:\"><!ENTITY g 'urn:g:'>]><r>&e;</r>", False),
    ("<!DOCTYPE r [<!ENTITY e 'no address'>]><r/>", True),
    ("<!DOCTYPE r [<!ENTITY e 'http://e/\">]><r/>", True),
    ("<!DOCTYPE r [<!ENTITY e 'http://e/'><!ENTITY f 'http:&e;&e;'>]><r/>", True),
    (f"<!DOCTYPE r [<!ENTITY e 'http://{'e' * 200}/'>]><r>{'&e;' * 100}</r>", True),
    ('<!DOCTYPE r [<!ENTITY e SYSTEM "http://e/">]><r/>', True),
    ('<!DOCTYPE r SYSTEM "http://e/" [<!ENTITY e "http://e/">]><r/>', True),
    ('<!DOCTYPE r [<!ENTITY % e "http://e/">%e;]><r/>', True),
    ('<!DOCTYPE r [<!ENTITY e "http://e/">]><!ENTITY f "x"><r/>', True),
]


def test_entities_other_than_addresses_are_found() -> None:
    assert [text for text, declares in ENTITIES if has_unsafe_entities(text.encode()) is not declares] == []


def test_only_declarations_get_other_quotes() -> None:
    declared = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e 'http://e/'><!ENTITY f \"urn:f:\">]>"
    body = "<r a='&e;'>'</r>"
    changed = declared[:21] + declared[21:].replace("'", '"')
    assert double_quote_entities((declared + body).encode()) == (changed + body).encode()
    for same in ("<r a='b'/>", "<r><![CDATA[<!DOCTYPE r [<!ENTITY e 'http://e/'>]>]]></r>"):
        assert double_quote_entities(same.encode()) == same.encode()
