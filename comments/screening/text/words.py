"""The second step of reading a text: words in small letters, with what was spaced, dotted or run together undone.

A guess is made only where a word of the rules comes out of it: "k1ll" becomes "kill", "c3" and "b12" stay what they are.
"""

import functools
import itertools
import re
import tomllib
from collections.abc import Iterable

from comments.screening.text.folding import DATA, LETTERS, Folded

STAND_IN = LETTERS["stand_in"]
SPELLING = tomllib.loads((DATA / "spelling.toml").read_text(encoding="utf-8"))
GRAVE = frozenset(SPELLING["grave"])
LONGEST = max(map(len, GRAVE))

# Single letters with the same kind of gaps: at least four of them.
SPELLED = re.compile(r"(?<![^\W_])[^\W_](?:[ \t.\-_*·,/|~]{1,3}[^\W_]){3,}(?![^\W_])")
TOKEN = re.compile(r"\S+")
# Words as they stay: one space between them, behind no more than one mark.
WORDS = re.compile(r"[^\W_]+(?:[.,:!?;]? [^\W_]+)*+")
# What only keeps words apart.
DROPPED = re.compile(r"(?:[^\w'%$!?;.,:]|_)+")
RUN = re.compile(r"(.)\1{2,}")
BROKEN = re.compile(r"(?<=[a-z])[*#_.\-~]+(?=[a-z])")
MASKED = re.compile(r"[a-z]+[*#_\-x]{1,3}[a-z]+")
CORE = re.compile("|".join(map(re.escape, SPELLING["core"])))
# A number and its unit typed as one: "15yo", "20mg".
GLUED = re.compile(
    r"(\d{1,6})(mgs?|mcg|iu|ui|ml|g|gr|yo|yr|yrs|y|f|m|x|k|kg|lbs?|cm|anos|anios|units?|tabs?|pills?|am|pm|hrs?|"
    r"min|mins|years?|year|usd|btc|days?|dias)"
)
EDGES = ".,;:?\"'()[]{}<>«»¡¿*_~-"
WORDS_OF_ONE_LETTER = frozenset("aioyu")
MOST_TRIES = 8
LONGEST_TOKEN = 80


class Speller:
    """Undoes disguises in single tokens; knows every word that stands in the rules."""

    def __init__(self, vocabulary: Iterable[str]):
        self.known = frozenset(vocabulary) | GRAVE | frozenset(SPELLING["small"])
        self.misspelt = dict(_slips()) | SPELLING["misspelt"]
        self.near = {cut: word for word in GRAVE if len(word) >= 7 for cut in _cuts(word)}
        self.keep = frozenset(SPELLING["keep"])
        self.longest = max(map(len, self.known))
        self.read = functools.lru_cache(maxsize=20_000)(self._read)

    def _read(self, token: str) -> tuple[str, int, str | None]:
        """Return a token in small letters without the signs around it, where that begins, and what it stands for if not for itself."""
        bare = token.strip(EDGES)
        return bare, max(token.find(bare), 0), self._meant(bare)

    def _meant(self, bare: str) -> str | None:
        if bare in self.known or bare in self.keep or len(bare) > LONGEST_TOKEN:
            return None
        plain = bare.rstrip("!").replace("'", "")
        if plain in self.known or plain in self.keep:
            return None
        found = self._word(plain)
        if found is None and "!" in bare:
            found = self._stand_ins(bare)
        return None if found in (None, plain) else found

    def _word(self, word: str) -> str | None:
        if word in self.misspelt:
            return self.misspelt[word]
        glued = GLUED.fullmatch(word)
        if glued:
            return " ".join(glued.groups())
        if word.isalpha():
            return self._squeezed(word) or self._run_together(word) or self._near(word)
        return self._stand_ins(word) or self._broken(word)

    def _squeezed(self, word: str) -> str | None:
        """Undo letters held down: "diiiie"."""
        if not RUN.search(word):
            return None
        for keep in (r"\1", r"\1\1"):
            tried = RUN.sub(keep, word)
            if tried in self.known:
                return tried
            if tried in self.misspelt:
                return self.misspelt[tried]
        return self._run_together(RUN.sub(r"\1", word))

    def _near(self, word: str) -> str | None:
        """Undo one wrong, missing or additional letter in a long grave word, the first letter being right."""
        if not 6 <= len(word) <= LONGEST + 1:
            return None
        for cut in _cuts(word):
            near = self.near.get(cut)
            if near and near[0] == word[0] and near[-1] == word[-1]:
                return near
        return None

    def _stand_ins(self, word: str) -> str | None:
        """Undo digits and signs typed for letters: "k1ll", "mor!r"."""
        places = [sign for sign in word if sign in STAND_IN]
        if not places or not 3 <= len(word) <= 40 or not any(sign.isalpha() for sign in word):
            return None
        choices = [STAND_IN.get(sign, sign) for sign in word]
        for tried in itertools.islice(itertools.product(*choices), MOST_TRIES):
            spelled = "".join(tried)
            if spelled in GRAVE or (spelled in self.known and len(spelled) > 2):
                return spelled
            if spelled in self.misspelt:
                return self.misspelt[spelled]
            together = self._run_together(spelled)
            if together:
                return together
        return None

    def _broken(self, word: str) -> str | None:
        """Undo signs inside a word, in addition to its letters or in place of some: "sui.cide", "su*cide", "k**l"."""
        if len(word) > 40 or not BROKEN.search(word):
            return None
        joined = BROKEN.sub("", word)
        if joined in GRAVE:
            return joined
        if joined in self.misspelt:
            return self.misspelt[joined]
        if MASKED.fullmatch(word):
            shape = re.compile("".join("[a-z]" if sign in "*#_-" else sign for sign in word))
            return next((grave for grave in SPELLING["grave"] if len(grave) == len(word) and shape.fullmatch(grave)), None)
        return self._run_together(joined)

    def _run_together(self, word: str) -> str | None:
        """Set spaces in words typed without: "iwanttodie"; only around a grave word."""
        if len(word) < 8 or not CORE.search(word):
            return None
        return self.split(word)

    def split(self, letters: str) -> str | None:
        """Return the letters as known words with spaces, as few as possible, None if they are not made of them."""
        best: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self.longest), end):
                before = best[start]
                if before and self._is_piece(letters[start:end]) and (best[end] is None or before[0] + 1 < best[end][0]):
                    best[end] = (before[0] + 1, start)
        if best[-1] is None:
            return None
        words, end = [], len(letters)
        while end:
            start = best[end][1]
            words.append(letters[start:end])
            end = start
        return " ".join(reversed(words))

    def _is_piece(self, word: str) -> bool:
        return word in self.known if len(word) > 1 else word in WORDS_OF_ONE_LETTER

    def spelled_out(self, row: str) -> str | None:
        """Return the words of single letters in a row: "s u i c i d e", "k.i.l.l  m.e"."""
        letters = "".join(sign for sign in row if sign.isalnum())
        if not 4 <= len(letters) <= LONGEST_TOKEN or letters.isdigit():
            return None
        if not letters.isalpha():
            return self._stand_ins(letters)
        words = self.split(letters)
        if words is None:
            return self.misspelt.get(letters) or self._near(letters)
        return words if any(len(word) > 2 for word in words.split()) else None

    def joined(self, first: str, second: str) -> bool:
        """Return whether two tokens are one grave word cut in two: "sui cide", "my self"."""
        whole = first + second
        return whole in GRAVE and (whole == "myself" or first not in self.known or second not in self.known)


def _cuts(word):
    """Return the word and every word with one letter less."""
    return {word} | {word[:index] + word[index + 1 :] for index in range(1, len(word))}


def _slips():
    """Yield (typed, meant): two neighbouring letters changed places, for words where nothing else is spelled so."""
    keep = frozenset(SPELLING["keep"])
    for word in [*SPELLING["grave"], *SPELLING["often_slipped"]]:
        for index in range(len(word) - 1):
            slip = word[:index] + word[index + 1] + word[index] + word[index + 2 :]
            if slip not in GRAVE and slip not in keep:
                yield slip, word


def plain(text: Folded, speller: Speller) -> Folded:
    """Return the folded text as words in small letters, one space apart, sentence marks kept, disguises undone."""
    low = text.text.lower()
    if len(low) != len(text.text):  # One sign can become two, in Turkish.
        low = "".join(sign.lower()[0] for sign in text.text)
    edits = _edits(low, speller)
    return _tidy(low, text.at, edits)


def _edits(low, speller):
    """Return {start: (end, words)} of what is to be read otherwise."""
    edits = {}
    for match in SPELLED.finditer(low):
        words = speller.spelled_out(match.group())
        if words:
            edits[match.start()] = (match.end(), words)
    spelled = [(start, end) for start, (end, _) in edits.items()]
    last, last_start, at = "", 0, 0
    for match in TOKEN.finditer(low):
        start, end, token = match.start(), match.end(), match.group()
        while at < len(spelled) and spelled[at][1] <= start:
            at += 1
        if at < len(spelled) and spelled[at][0] < end:
            last = ""
            continue
        bare, inside, words = speller.read(token)
        if last and len(last) + len(bare) <= LONGEST and speller.joined(last, bare):
            edits.pop(start, None)
            edits[last_start] = (end, last + bare)
            last = ""
            continue
        if words:
            edits[start + inside] = (start + inside + len(bare), words)
        # A sentence that ends keeps its last word apart from the next one.
        last, last_start = ("" if token[-1] in ".!?;:," else bare), start + inside
    return edits


def _tidy(low, at, edits):
    """Apply the edits and drop what is no word, keeping the map to the original."""
    signs, origin, index = [], [], 0
    starts = iter([*sorted(edits), len(low)])
    next_edit = next(starts)
    while index < len(low):
        while next_edit < index:
            next_edit = next(starts)
        if index in edits:
            end, words = edits[index]
            width = end - index
            for offset, sign in enumerate(words):
                signs.append(sign)
                origin.append(at[min(index + offset * width // len(words), end - 1)])
            origin[-1] = at[end - 1]
            index = end
            continue
        words = WORDS.match(low, index, next_edit)
        if words:  # Most of every text.
            signs.append(words.group())
            origin.extend(at[index : words.end()])
            index = words.end()
            continue
        dropped = DROPPED.match(low, index, next_edit)
        if dropped:
            if signs and signs[-1] != " ":
                signs.append(" ")
                origin.append(at[index])
            index = dropped.end()
            continue
        sign = low[index]
        if sign == "'":
            pass
        elif sign in "%$":
            if signs[-2:-1] != [sign]:
                added = [sign, " "] if not signs or signs[-1] == " " else [" ", sign, " "]
                signs += added
                origin += [at[index]] * len(added)
        elif sign in "!?;":
            signs.append(sign)
            origin.append(at[index])
        else:
            _mark(low, index, sign, signs, origin, at)
        index += 1
    return Folded("".join(signs), origin)


def _mark(low, index, sign, signs, origin, at):
    """Keep one full stop or comma at the end of a word; dots in a row are a pause, those in numbers are commas."""
    after = low[index + 1] if index + 1 < len(low) else " "
    if sign == "." and (after == "." or (index and low[index - 1] == ".")):
        sign = " "
    elif after.isalnum():
        sign = "," if after.isdigit() and index and low[index - 1].isdigit() else "."
    if sign == " " and (not signs or signs[-1] == " "):
        return
    signs.append(sign)
    origin.append(at[index])
