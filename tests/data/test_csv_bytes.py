import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from chainrule.data.csv_bytes import csv_bytes
from chainrule.errors import DataError

Write = Callable[..., Path]


def test_a_byte_order_mark_is_taken_off(write: Write) -> None:
    assert csv_bytes(write(b"\xef\xbb\xbfa,b\n1,2\n")) == b"a,b\n1,2\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_the_utf_16_of_spreadsheets_becomes_utf_8(write: Write, encoding: str) -> None:
    text = "größe,b\n1,2\n" if encoding == "utf-16" else "\ufeffgröße,b\n1,2\n"
    assert csv_bytes(write(text.encode(encoding))).decode() == "größe,b\n1,2\n"


def test_a_packed_file_is_unpacked(write: Write) -> None:
    assert csv_bytes(write(gzip.compress(b"a\n1\n"), "t.csv.gz")) == b"a\n1\n"


@pytest.mark.parametrize("content", [b"a\n1\n", gzip.compress(b"a\n1\n" * 99)[:-9], b""])
def test_a_file_that_is_not_whole_gzip_is_refused(write: Write, content: bytes) -> None:
    with pytest.raises(DataError, match=r"t\.csv\.gz is (not a whole gzip file|empty)"):
        csv_bytes(write(content, "t.csv.gz"))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n "])
def test_a_file_with_nothing_in_it_is_empty(write: Write, content: bytes) -> None:
    with pytest.raises(DataError, match=r"table\.csv is empty"):
        csv_bytes(write(content))


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(write: Write) -> None:
    with pytest.raises(DataError, match="not UTF-8: byte 0xe9 in line 3"):
        csv_bytes(write("a\nb\ncafé\n".encode("latin-1")))


def test_a_nul_byte_shows_that_a_file_is_no_text(write: Write) -> None:
    with pytest.raises(DataError, match="line 2 holds a NUL byte"):
        csv_bytes(write(b"a\n\0\n"))
