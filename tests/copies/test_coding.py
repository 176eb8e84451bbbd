"""What a browser says of codings and of what it has, in the words of RFC 9110."""

import gzip

import brotli
import pytest

from lupussite.copies.coding import chosen, coded, is_known


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("identity", ""),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("gzip;q=0, br;q=0", ""),
        ("gzip;q=0", ""),
        ("*;q=0", ""),
        ("gzip;q=1.000, *;q=0", "gzip"),
        ("br;q=nonsense, gzip", "gzip"),
        (", ,;;, gzip ;q=1", "gzip"),
        ("brotli", ""),
        ("a" * 10_000, ""),
        (",".join(f"x{number}" for number in range(10_000)), ""),
    ],
)
def test_the_coding_is_one_that_the_browser_takes(accepted, coding):
    assert chosen(accepted) == coding


def test_a_coding_gives_the_same_bytes_each_time_and_they_come_back():
    page = b"<p>Lupus</p>" * 100
    assert coded(page, "gzip") == coded(page, "gzip")
    assert gzip.decompress(coded(page, "gzip")) == brotli.decompress(coded(page, "br")) == page


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", W/"abc" , "y"', True),
        ("*", True),
        (" * ", True),
        ('"ab"', False),
        ("abc", False),
        ("", False),
        ('"x", "y"', False),
        ('"*"', False),
    ],
)
def test_a_browser_knows_what_it_names(said, known):
    assert is_known(said, '"abc"') is is_known(said, 'W/"abc"') is known
