"""What exports are really like: other programs' dialects, broken places, and what somebody put in to do harm. No database."""

from collections import Counter

import pytest

from lupussite.wordpress import reading
from tests.wordpress.wxr import HEAD, TAIL, cdata, comment, export, item


@pytest.fixture
def read(tmp_path):
    """Return what is read of a text or bytes, and what was noticed."""

    def run(data):
        path, noticed = tmp_path / "export.xml", Counter()
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        records = list(reading.read(path, noticed))
        return [(record.kind, record.fields) for record in records], noticed

    return run


def titles(records):
    """Return the titles of the items."""
    return [fields["title"] for kind, fields in records if kind == "item"]


def lost(records):
    """Return what was lost."""
    return [fields["words"] for kind, fields in records if kind == "lost"]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_is_read(read, version):
    records, _ = read(export([item("One", comments=[comment("Said.")])]).replace("export/1.2/", f"export/{version}/"))
    assert titles(records) == ["One"]
    assert [fields["wp:comment_content"] for kind, fields in records if kind == "comment"] == ["Said."]


def test_other_prefixes_mean_the_same(read):
    text = (
        export([item("One", "Words", post_id=5, comments=[comment("Said.")])])
        .replace("wp:", "ns0:")
        .replace("xmlns:wp=", "xmlns:ns0=")
    )
    records, _ = read(text.replace("content:encoded", "ns1:encoded").replace("xmlns:content=", "xmlns:ns1="))
    (one,) = [fields for kind, fields in records if kind == "item"]
    assert (one["wp:post_id"], one["content:encoded"]) == ("5", "Words")
    assert [kind for kind, _ in records].count("comment") == 1


def test_fields_may_stand_after_the_comments(read):
    text = item("One", post_id=5)
    head, tail = text.split("<content:encoded>")
    records, _ = read(f"{HEAD}{head}{comment('Said.')}<content:encoded>{tail}{TAIL}")
    assert [kind for kind, _ in records[-2:]] == ["comment", "item"]
    assert records[-1][1]["content:encoded"].startswith("<p>First")


def test_cdata_in_cdata(read):
    rightly = item("One", "a ]]> b")
    wrongly = item("Two").replace("<p>First.</p>", "<![CDATA[inner]]> and on")
    records, noticed = read(export([rightly, wrongly, item("Three")]))
    assert titles(records) == ["One", "Two", "Three"]
    assert [fields["content:encoded"][:20] for kind, fields in records if kind == "item"][:2] == [
        "a ]]> b",
        "<![CDATA[inner]]> an",
    ]
    assert noticed["records whose XML had to be mended"] == 1


def test_cdata_that_does_not_end_takes_no_other_item_with_it(read):
    broken = item("Two", "Words that go on").replace("Words that go on]]>", "Words that go on")
    records, _ = read(export([item("One"), broken, item("Three"), item("Four")]))
    assert titles(records)[-2:] == ["Three", "Four"]
    assert "One" in titles(records)


@pytest.mark.parametrize(
    "broken", ["<item><title>Two</title><b></item>", "<item><title>Two</title>", '<item><title a="1" a="2">Two</title></item>']
)
def test_an_item_that_is_broken_is_one_lost(read, broken):
    records, _ = read(export([item("One"), broken, item("Three")]))
    assert titles(records) in (["One", "Three"], ["One", "Two", "Three"])
    assert len(titles(records)) + len(lost(records)) == 3


def test_a_comment_that_is_broken_is_one_lost(read):
    records, _ = read(
        export(
            [item(comments=[comment("One"), "<wp:comment><wp:comment_id>8</wp:comment_id><b></wp:comment>", comment("Three")])]
        )
    )
    assert [fields["wp:comment_content"] for kind, fields in records if kind == "comment"] == ["One", "Three"]
    assert lost(records) == ["number 8"]


def test_a_file_that_ends_in_the_middle_gives_what_is_whole(read):
    text = export([item("One"), item("Two")])
    records, _ = read(text[: text.index("Two") + 100])
    assert titles(records)[0] == "One"
    assert len(titles(records)) + len(lost(records)) == 2


def test_signs_that_no_page_shows_are_taken_out(read):
    text = item("One", "a\0b\x0b\ud83d c &#0; &#x1F; d \U0001f98b\ufffe").replace("]]>", "]]>")
    records, noticed = read(export([text]))
    assert records[-1][1]["content:encoded"].startswith("ab")
    assert "\U0001f98b" in records[-1][1]["content:encoded"]
    assert noticed["control characters"] >= 3


def test_entities_of_html_outside_of_cdata_are_read(read):
    records, _ = read(export([item("One").replace(cdata("One"), "Caf&eacute; & &nbsp;more")]))
    assert titles(records) == ["Café & \xa0more"]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE rss [<!ENTITY c SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_no_entity_of_the_file_is_expanded_or_fetched(read, doctype):
    text = export([item("One").replace(cdata("One"), "&c;")]).replace("<rss", f"{doctype}\n<rss", 1)
    records, _ = read(text)
    assert titles(records) == ["&c;"]


def test_depth_and_attributes_are_bounded(read):
    deep = f"<item><title>Deep</title>{'<a>' * 100_000}{'</a>' * 100_000}</item>"
    attributes = " ".join(f"a{n}='x'" for n in range(50_000))
    wide = f"<item><title>Wide</title><b {attributes}/></item>"
    records, _ = read(export([deep, wide, item("Three")]))
    assert titles(records)[-1] == "Three"
    assert len(titles(records)) + len(lost(records)) == 3


def test_a_record_that_is_too_long_is_lost_alone(read, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 100_000)
    records, _ = read(export([item("One"), item("Huge", "x" * 400_000), item("Three")]))
    assert titles(records) == ["One", "Three"]
    assert lost(records)[0].endswith("“Huge”")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1", "windows-1252"])
def test_encodings(read, encoding):
    text = export([item("Café ü")]).replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert titles(read(text.encode(encoding))[0]) == ["Café ü"]


def test_bytes_that_are_not_what_the_file_says_are_read_as_windows_would(read):
    assert titles(read(export([item("Café “q”")]).encode("windows-1252"))[0]) == ["Café “q”"]


def test_a_feed_of_another_program_has_posts(read):
    text = "<rss><channel><item><title>One</title><description>Words</description></item></channel></rss>"
    records, _ = read(text)
    assert titles(records) == ["One"]


def test_what_is_no_export_is_said(read):
    for words in ("", "<html/>", "PK\3\4", "<rss><channel></channel></rss>"):
        with pytest.raises(reading.NotAnExport):
            read(words)
