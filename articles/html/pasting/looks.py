"""Bold, italic, raised and lowered words that only a style says -> elements; and what a style takes back is no element. Pure."""

from articles.html.pasting.nesting import BLOCK_LIKE, Nesting
from articles.html.pasting.styles import Sheet, classes, is_bold, is_italic, position
from articles.html.pasting.symbols import A_WORD, SURELY, sign, symbol_font
from articles.html.tags import Token

_TAGS = {"bold": ("strong", "b"), "italic": ("em", "i")}
_BOLD_BY_ITSELF = {"h1", "h2", "h3", "h4", "h5", "h6", "th"}
_ITSELF = "itself"
_NOT_ON_A_LINE = BLOCK_LIKE | {"img", "col", "colgroup"}


def with_elements(tokens: list[Token], sheet: Sheet) -> list[Token]:
    """Return the tokens with <strong>, <em>, <sup> and <sub> where styles make words look so, and “ ” in place of <q>."""
    if not any(token.attributes or token.value == "q" for token in tokens if token.kind == "start"):
        return tokens
    return _Looks(tokens, sheet).made()


class _Looks:
    """One pass over the tokens; `state` holds the element that makes words bold, italic, raised or lowered at each moment."""

    def __init__(self, tokens: list[Token], sheet: Sheet):
        self.tokens, self.sheet = tokens, sheet
        self.nesting = Nesting(tokens)
        # Office programs name the language of every run of words, and often a wrong one.
        self.is_office = any(_is_office(token) for token in tokens if token.kind == "start")
        self.state = {"bold": "", "italic": "", "position": "", "symbol": ""}
        self.made_tokens: list[Token] = []
        # Of an element, by the index of its end: what is written before and after its end tag, the state after it, its new name.
        self.at_end: dict[int, list[tuple[list[Token], list[Token], dict[str, str]]]] = {}
        self.new_name: dict[int, str] = {}

    def made(self) -> list[Token]:
        """Return all tokens."""
        for index, token in enumerate(self.tokens):
            ends = self.at_end.pop(index, [])
            for before, _, state in reversed(ends):
                self.made_tokens += before
                self.state = state
            if token.kind == "start":
                after = [one for _, after, _ in reversed(ends) for one in after]
                self.made_tokens += after
                self._start(index, token)
                continue
            self.made_tokens.append(self._text(index, token) if token.kind == "text" else self._end(index, token))
            self.made_tokens += [one for _, after, _ in reversed(ends) for one in after]
        return self.made_tokens

    def _start(self, index: int, token: Token):
        name, style = token.value, self.sheet.style(token)
        opening: list[str] = []
        closing: list[str] = []
        state = dict(self.state)
        for kind, says in (("bold", is_bold(style)), ("italic", is_italic(style))):
            if kind == "bold" and name in _BOLD_BY_ITSELF:
                state[kind] = state[kind] or _ITSELF
            elif name in _TAGS[kind] and says is not False:
                state[kind] = state[kind] or name
            elif says and not state[kind]:
                state[kind] = _TAGS[kind][0]
                opening.append(state[kind])
            elif says is False:
                closing += [state[kind]] if state[kind] not in {"", _ITSELF} else []
                state[kind] = ""
                if name in _TAGS[kind]:
                    name = self._renamed(index, "span")
        state["symbol"] = symbol_font(token, style, state["symbol"])
        if name in {"sup", "sub"}:
            state["position"] = name
        elif name not in _NOT_ON_A_LINE and not state["position"] and (place := position(style)):
            state["position"] = place
            opening.append(place)
        if name in {"p", "div"} and (level := _heading_level(token)):
            name = self._renamed(index, level)
        begin = [Token("text", "“")] if name == "q" else []
        begin.append(Token("start", name, self._attributes(token)))
        self.made_tokens += [*_tags("end", closing), *begin, *_tags("start", opening)]
        quotation = [Token("text", "”")] if name == "q" else []
        if state != self.state and self.nesting.ends[index] != index:
            before = [*_tags("end", reversed(opening)), *quotation]
            self.at_end.setdefault(self.nesting.ends[index], []).append((before, _tags("start", closing), self.state))
            self.state = state
        elif quotation:
            self.at_end.setdefault(self.nesting.ends[index], []).append((quotation, [], self.state))

    def _renamed(self, index: int, name: str) -> str:
        if self.nesting.has_own_end(index):
            self.new_name[self.nesting.ends[index]] = name
        return name

    def _end(self, index: int, token: Token) -> Token:
        name = self.new_name.pop(index, "")
        return Token("end", name) if name else token

    def _attributes(self, token: Token) -> tuple[tuple[str, str], ...]:
        if not self.is_office:
            return token.attributes
        return tuple(pair for pair in token.attributes if pair[0] not in {"lang", "xml:lang"})

    def _text(self, index: int, token: Token) -> Token:
        """Return the words: signs of the Symbol font as what they showed, and a program's unbreakable space as a space."""
        if self.state["symbol"] == SURELY or (self.state["symbol"] and not A_WORD.search(token.value)):
            token = Token("text", "".join(map(sign, token.value)))
        parent = self.nesting.parents[index]
        if "\xa0" not in token.value or parent < 0:
            return token
        around = self.tokens[parent]
        if "apple-converted-space" in classes(around) or "mso-spacerun" in self.sheet.style(around):
            return Token("text", token.value.replace("\xa0", " "))
        return token


def _tags(kind: str, names) -> list[Token]:
    return [Token(kind, name) for name in names]


def _heading_level(token: Token) -> str:
    """Return the heading that Word on the web means with a paragraph of that role, or nothing."""
    attributes = dict(token.attributes)
    level = attributes.get("aria-level", "2")
    return f"h{level}" if attributes.get("role") == "heading" and level in {"1", "2", "3", "4", "5", "6"} else ""


def _is_office(token: Token) -> bool:
    for name, value in token.attributes:
        if name == "class" and ("mso" in value.lower() or "scxw" in value.lower()):
            return True
        if name == "style" and "mso-" in value:
            return True
        if token.value == "meta" and name == "content" and "office" in value.lower():
            return True
    return False
