"""Finds what people read and nobody marked for translation, and words that no plain-language editor would leave.

python -m tests.language [PART OF A PATH …]     prints what is left, one place a line
"""

import ast
import pathlib
import re
import sys

from django.template.base import Lexer, TokenType

ROOT = pathlib.Path(__file__).resolve().parent.parent
APPS = ("accounts", "articles", "comments", "lupussite", "mail", "web")
# What machines, programmers or the person at the command line read; the patterns and word lists of screening; and letters that
# are written in another language.
NOT_FOR_READERS = re.compile(
    r"migrations/|formats/|management/|/run/|lupussite/(?:demo|environment|settings|insert_only|logs|wsgi|storage|wordpress|moving_out|shared_cache|copies|backups)|"
    r"comments/screening/(?!types|consequences)|articles/(?:verification|source_list|canonical|listing|searching)|comments/searching|web/triggers|articles/earlier_site|articles/html/tags|letters_in_spanish"
)
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext", "gettext_noop"}
# Two words in a row, the first beginning like a sentence or a phrase that is read.
PHRASE = re.compile(r"[A-Za-zÀ-ÿ“‘(][\w’'“”‘…,;:()-]* [\w“‘(]")
NOT_A_PHRASE = re.compile(
    r"[\\^$|<>{}=_]|^\s*(?:SELECT|UPDATE|INSERT|CREATE|PRAGMA|DROP|DELETE|ON CONFLICT)\b|\bLIKE ALL\b|\.[a-z]+\b(?<!\.\.\.)$"
)
ATTRIBUTE = re.compile(r"""\b(?:alt|title|aria-label|placeholder|content|value|label)="([^"]*)\"""")
LITERAL = re.compile(r"""(?<![_(\w])(\w+)=(["'])((?:(?!\2).)*)\2""")
# Where Django puts something in.
CUT = "\0"
# Words and turns that sound translated, stiff or official.
STIFF = re.compile(
    r"\b(?:e-mail\w*|shall|thereby|hereby|therein|whom|moreover|furthermore|thus|hence|somebody|nobody|anew|amongst|whilst|"
    r"in case of|kindly|in order to|prior to|upon|pertaining|aforementioned|henceforth|must not be|is to be|are to be|"
    r"meanwhile|in the meantime|takes? no|no longer holds?|"
    r"answers? for|stands? (?:there|under|behind|below|above)|of theirs)\b",
    re.IGNORECASE,
)


def unmarked_in_template(path: pathlib.Path) -> list[str]:
    """Return the pieces of text outside {% translate %} and {% blocktranslate %} that hold a word."""
    found, pieces, inside, hidden = [], [], False, False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            inside = name in {"blocktranslate", "blocktrans"} or (inside and name not in {"endblocktranslate", "endblocktrans"})
            hidden = name == "comment" or (hidden and name != "endcomment")
            if name not in {"translate", "trans", "url", "static", "extends", "load", "blocktranslate", "blocktrans", "block"}:
                literals = [match for match in LITERAL.finditer(token.contents) if not match[3].startswith(("#", "/", "admin/"))]
                found += [match[3] for match in literals if PHRASE.search(match[3]) or match[1] in {"label", "title", "words"}]
        read = token.token_type == TokenType.TEXT and not inside and not hidden
        pieces.append(token.contents if read else CUT)
    # As one text: a tag may be cut by what Django puts into it.
    text = re.sub(r"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>", " ", "".join(pieces), flags=re.DOTALL)
    said = [value for value in ATTRIBUTE.findall(text) if PHRASE.search(value)]
    words = re.sub(r"&\w+;|https?://\S+", " ", re.sub(r"<[^<>]*>", " ", text))
    return [*found, *said, *re.findall(rf"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ’'-]+(?:[ ,][^<>\n{CUT}]*)?", words)]


def unmarked_in_python(path: pathlib.Path) -> list[tuple[int, str]]:
    """Return (line, text) of the strings with a phrase in them that no function of gettext is given."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            skipped.add(id(node.body[0].value))
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if (
                name in MARKS
                or owner in {"log", "re", "logging"}
                or name in {"salted_hmac", "getLogger", "RunSQL", "execute", "names"}
            ):
                skipped |= {id(child) for argument in node.args for child in ast.walk(argument)}
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "permissions":
            # The database keeps the names of permissions, in one language.
            skipped |= {id(child) for child in ast.walk(node.value)}
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = getattr(node.exc.func, "id", "")
            if name in {"TypeError", "ValueError", "RuntimeError", "KeyError", "FieldError", "SystemExit", "Busy"}:
                skipped |= {id(child) for child in ast.walk(node.exc)}
    # xgettext does not look into f-strings, so a mark in there is none.
    found = [
        (call.lineno, ast.unparse(call))
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MARKS
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [child for child in node.values if isinstance(child, ast.Constant)]
            whole = "x".join(str(part.value) for part in parts)
            unread = id(node) in skipped or any(id(part) in skipped for part in parts)
            skipped |= {id(part) for part in parts}
            if not unread and PHRASE.search(whole) and not NOT_A_PHRASE.search(whole):
                found.append((node.lineno, whole))
    plain = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for node in plain:
        if id(node) not in skipped and PHRASE.search(node.value) and not NOT_A_PHRASE.search(node.value):
            found.append((node.lineno, node.value))
    return found


def python_files() -> list[pathlib.Path]:
    """Return the modules that say something to people on a page or in a mail."""
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in files if not NOT_FOR_READERS.search(str(path.relative_to(ROOT)))]


def template_files() -> list[pathlib.Path]:
    """Return every template of a page or a mail."""
    return sorted(
        path
        for path in (ROOT / "templates").rglob("*")
        if path.suffix in {".html", ".txt"} and path.name not in {"robots.txt", "letter_es.txt"}
    )


def left(parts: list[str]) -> list[str]:
    """Return "path:line: text" of everything unmarked or stiff in the files whose path holds one of the parts."""
    lines = []
    for path in [*python_files(), *template_files()]:
        name = str(path.relative_to(ROOT))
        if parts and not any(part in name for part in parts):
            continue
        if path.suffix == ".py":
            lines += [f"{name}:{line}: unmarked: {text[:90]!r}" for line, text in unmarked_in_python(path)]
            texts = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
            texts = [text for text in texts if isinstance(text, str) and PHRASE.search(text)]
            documented = {
                ast.get_docstring(node, clean=False)
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            }
            texts = [text for text in texts if text not in documented]
        else:
            lines += [f"{name}: unmarked: {text.strip()[:90]!r}" for text in unmarked_in_template(path)]
            texts = [re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", path.read_text(), flags=re.DOTALL)]
        lines += [f"{name}: stiff: {word!r}" for text in texts for word in STIFF.findall(text)]
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(found := left(sys.argv[1:])) + "\n")
    sys.exit(bool(found))
