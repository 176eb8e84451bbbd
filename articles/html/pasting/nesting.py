"""Which tag ends which element, and what stands in what, of a list of tokens. Pure."""

from collections import Counter

from articles.html.tags import BLOCKS, LINES, RENAMED, VOID, Token

# Elements that begin a new line, whatever becomes of them.
BLOCK_LIKE = (BLOCKS | LINES | frozenset(RENAMED)) - {"hr"}
_END_A_PARAGRAPH = BLOCK_LIKE - {"li", "td", "th", "tr", "tbody", "thead", "caption", "dt", "dd", "html", "body"}
_AROUND_ITEMS = {"li", "ul", "ol", "td", "th"}
_MOST_IN_AN_ITEM = 50


class Nesting:
    """Where each element ends and in which one each token stands.

    `ends[i]` is the index of the token before which the element that begins at `i` ends: its own end tag, the end of what it
    stands in, or a tag that ends it silently; the number of tokens when nothing does. `parents[i]` is -1 at the top.
    """

    def __init__(self, tokens: list[Token]):
        self.tokens = tokens
        self.ends = [len(tokens)] * len(tokens)
        self.parents = [-1] * len(tokens)
        self._open: list[int] = []
        self._blocks: list[int] = []
        self._names: Counter[str] = Counter()
        for index, token in enumerate(tokens):
            if token.kind == "start":
                if token.value in _END_A_PARAGRAPH and self._blocks and tokens[self._blocks[-1]].value == "p":
                    self._close("p", index)
                if token.value == "a" and self._names["a"]:
                    self._close("a", index)
                if token.value == "li" and self._is_in_item():
                    self._close("li", index)
                self.parents[index] = self._open[-1] if self._open else -1
                if token.value in VOID:
                    self.ends[index] = index
                else:
                    self._open.append(index)
                    if token.value in BLOCK_LIKE:
                        self._blocks.append(index)
                    self._names[token.value] += 1
            else:
                if token.kind == "end" and self._names[token.value]:
                    self._close(token.value, index)
                self.parents[index] = self._open[-1] if self._open else -1

    def _is_in_item(self) -> bool:
        """Return whether an item is open that the next one of the same list ends."""
        # Nobody writes more blocks into an item, and a hostile text would have them all looked at each time.
        for index in reversed(self._blocks[-_MOST_IN_AN_ITEM:]):
            if self.tokens[index].value in _AROUND_ITEMS:
                return self.tokens[index].value == "li"
        return False

    def _close(self, name: str, at: int):
        while True:
            index = self._open.pop()
            if self._blocks and self._blocks[-1] == index:
                self._blocks.pop()
            self.ends[index] = at
            self._names[self.tokens[index].value] -= 1
            if self.tokens[index].value == name:
                return

    def has_end(self, index: int) -> bool:
        """Return whether anything but the end of the text ends the element."""
        return self.ends[index] < len(self.tokens)

    def has_own_end(self, index: int) -> bool:
        """Return whether the element ends with its own tag."""
        end = self.ends[index]
        return (
            index < end < len(self.tokens)
            and self.tokens[end].kind == "end"
            and self.tokens[end].value == self.tokens[index].value
            and self.parents[end] == self.parents[index]
        )

    def after(self, index: int) -> int:
        """Return the index of the first token behind the element."""
        return self.ends[index] + 1 if self.has_own_end(index) or self.ends[index] == index else self.ends[index]

    def words(self, index: int) -> str:
        """Return the words of the element in one line."""
        return words(self.tokens[index : self.ends[index]])


def words(tokens: list[Token]) -> str:
    """Return the words of tokens in one line."""
    return " ".join("".join(token.value if token.kind == "text" else _gap(token) for token in tokens).split())


def _gap(token: Token) -> str:
    return " " if token.value in BLOCK_LIKE or token.value == "br" else ""
