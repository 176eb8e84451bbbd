"""The numbers that lists show by a style or by an item's own `value` -> the attributes `type` and `start`. Pure."""

from articles.html.pasting.nesting import Nesting
from articles.html.pasting.styles import Sheet
from articles.html.tags import Token

_TYPES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}


def list_type(around: Token, item: Token, sheet: Sheet) -> str:
    """Return the `type` that the style of an <ol>, or of its first item, asks for; nothing for 1, 2, 3."""
    for token in (around, item):
        style = sheet.style(token)
        if kind := style.get("list-style-type") or style.get("list-style", "").partition(" ")[0]:
            return _TYPES.get(kind, "")
    return ""


def with_numbers(tokens: list[Token], sheet: Sheet) -> list[Token]:
    """Return the tokens with these attributes; an item out of its turn begins another list with its number."""
    if not any(token.value == "ol" and token.kind == "start" for token in tokens):
        return tokens
    nesting = Nesting(tokens)
    made = list(tokens)
    before: dict[int, list[Token]] = {}
    next_number: dict[int, int] = {}
    for index, token in enumerate(tokens):
        around = nesting.parents[index]
        if token.kind != "start" or token.value != "li" or around < 0 or tokens[around].value != "ol":
            continue
        attributes = dict(made[around].attributes)
        if around not in next_number:
            start = attributes.get("start", "")
            next_number[around] = int(start) if start.lstrip("-").isdecimal() else 1
            if "type" not in attributes and (kind := list_type(tokens[around], token, sheet)):
                made[around] = Token("start", "ol", (*made[around].attributes, ("type", kind)))
        value = dict(token.attributes).get("value", "")
        if value.isdecimal() and len(value) < 6:
            made[index] = Token("start", "li", tuple(pair for pair in token.attributes if pair[0] != "value"))
            if int(value) != next_number[around]:
                next_number[around] = int(value)
                kept = [pair for pair in made[around].attributes if pair[0] == "type"]
                before[index] = [Token("end", "ol"), Token("start", "ol", (("start", value), *kept))]
        next_number[around] += 1
    if not before:
        return made
    return [one for index, token in enumerate(made) for one in (*before.get(index, ()), token)]
