"""Nothing that people read is unmarked for translation or stiff: see tests.language, which also prints what is left."""

import html
import re

import pytest
from django.utils.html import strip_tags

from articles import hints
from tests import language
from tests.factories import make_published

# What looks like a sentence and is none: names, values of formats, and the lines of the log of retention.
NOT_READ = {
    "articles/record_formats.py": {"Retracted on ", "sha256 is the hexadecimal"},
    "articles/html/pictures.py": {"/pictures/x xw", "(min-width: "},
    "articles/picture_views.py": {"default-src 'none'"},
    "lupussite/views.py": {"database does not answer"},
    "lupussite/doctor/examination.py": {"not heard from", "full or not", "nothing went out", "does not answer"},
    "lupussite/moving.py": {"timestamp with", "time without", "character varying", "' ORDER BY'"},
    "mail/server.py": {"no mail goes out before"},
    "mail/models.py": {"When nothing else waits", "What the row follows from", "When the last attempt failed."},
    "comments/models/comment.py": {"The comment's ID in feeds."},
    "comments/models/redaction.py": {"[x x]"},
    "comments/rendering.py": {"e-mail"},
    "comments/flows/watch_list.py": {"': x (x)'"},
    "web/limits.py": {"too many comments, x s to wait"},
    "web/posting.py": {"private, no-cache"},
    "templates/admin/comments/": {"'queue'", "app-comments"},
    "templates/articles/reviewer.html": {"ORCID"},
    "templates/base.html": {"width=device-width", "light dark"},
    "templates/down.html": {"width=device-width", "light dark"},
}
LOGGED = "comments/flows/retention.py"


def is_read(line):
    known = any(line.startswith(path) and any(words in line for words in texts) for path, texts in NOT_READ.items())
    return not known and not line.startswith(LOGGED)


def test_what_people_read_is_marked_for_translation_and_plain():
    assert [line for line in language.left([]) if is_read(line)] == []


def test_an_unmarked_or_stiff_sentence_is_found(tmp_path):
    page, module = tmp_path / "page.html", tmp_path / "module.py"
    page.write_text('<p>Words for readers.</p>{% translate "Marked words." %}')
    module.write_text('def f():\n    """Not read by people."""\n    return "Words for readers", _("Marked words")\n')
    assert language.unmarked_in_template(page) == ["Words for readers. "]
    assert language.unmarked_in_python(module) == [(3, "Words for readers")]
    module.write_text("words = f\"{_('Never found by makemessages.')}\"\n")
    assert language.unmarked_in_python(module) == [(1, "_('Never found by makemessages.')")]
    assert language.STIFF.search("The e-mail shall be kept")
    assert not language.STIFF.search("We keep your email")


@pytest.mark.parametrize("address", ["/", "/about/", "/comment-rules/", "/privacy/", "/accessibility/", "article"])
def test_a_page_is_read_with_ease_after_eight_grades_of_school(client, db, address):
    page = client.get(make_published().get_absolute_url() if address == "article" else address)
    assert hints.reading_grade(sentences(page.content.decode())) <= 8


def test_dates_have_one_style():
    """Every date that people read has the format of `lupussite.formats`; only machines and the marks of a chart get others."""
    formats = re.compile(r"""\|(?:date|time):["']([^"']*)["']""")
    found = {form for path in language.template_files() for form in formats.findall(path.read_text())}
    assert found <= {"DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "MONTH_DAY_FORMAT", "Y-m-d", r"Y-m-d\TH:i:sO", "M j"}


def sentences(page):
    """Return the sentences of the paragraphs on a page; menus, links and labels hold none."""
    main = page[page.index("<main") : page.index("</main>")]
    paragraphs = re.findall(r"<p\b[^>]*>(.*?)</p>", main, re.DOTALL)
    return [one for each in paragraphs for one in hints.split(" ".join(html.unescape(strip_tags(each)).split()))]
