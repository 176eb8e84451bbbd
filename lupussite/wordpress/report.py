"""What became of an export, for its owner: as text for the terminal, and as a page of its own (HTML) that names every item."""

from collections.abc import Iterator
from html import escape

from lupussite.wordpress import outcome
from lupussite.wordpress.outcome import Outcome

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1rem/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse}}
td,th{{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ccc}}td.n{{text-align:right}}
.stop{{background:#fde8e8;padding:.6rem 1rem}}li{{overflow-wrap:anywhere}}</style></head><body>
"""


def title(told: Outcome) -> str:
    """Return the heading."""
    return f"{'What would come' if told.dry_run else 'What came'} over from {told.site}"


def summary(told: Outcome) -> Iterator[str]:
    """Yield the counts as lines of text."""
    yield title(told)
    yield f"Items in the export: {told.items_in}"
    yield from (f"  {count:>6}  {what}" for what, count in _ordered(told.items, outcome.ITEMS))
    yield f"Comments in the export: {told.comments_in}"
    yield from (f"  {count:>6}  {what}" for what, count in _ordered(told.comments, outcome.COMMENTS))
    for what, count in sorted(told.said.items()):
        yield f"Of all these: {what}: {count}"
    if told.broken:
        yield f"Couldn't be read: {len(told.broken)}"
        yield from (f"          {words}" for words in told.broken)
    yield "Everything is accounted for." if told.adds_up else "THE COUNTS DON'T ADD UP. Please report this."


def details(told: Outcome) -> Iterator[str]:
    """Yield what is to be said of each item as lines of text."""
    for name, topic in told.topics.items():
        yield f"{name} becomes the topic “{topic}”"
    for line in told.lines:
        if line.lost or line.check or line.address:
            yield f"{line.title} ({line.what}): {line.became}{f' {line.address}' if line.address else ''}"
            yield from (f"    does not come through: {what}" for what in line.lost)
            yield from (f"    please check: {what}" for what in line.check)


def page(told: Outcome) -> Iterator[str]:
    """Yield the report as HTML."""
    yield _HEAD.format(title=escape(title(told)))
    yield f"<h1>{escape(title(told))}</h1>\n"
    if not told.adds_up:
        yield '<p class="stop">The counts don\'t add up. Please report this.</p>\n'
    if told.comments[outcome.UNDER_PAGE]:
        words = f"{told.comments[outcome.UNDER_PAGE]} comments would be lost: {outcome.UNDER_PAGE}"
        yield f'<p class="stop">{escape(words)}</p>\n'
    yield from _table(f"{told.items_in} items", _ordered(told.items, outcome.ITEMS))
    yield from _table(f"{told.comments_in} comments", _ordered(told.comments, outcome.COMMENTS))
    if told.said:
        yield from _table("Of all these", sorted(told.said.items()))
    if told.broken:
        yield f"<h2>Couldn't be read</h2><ul>{''.join(f'<li>{escape(words)}</li>' for words in told.broken)}</ul>\n"
    if told.topics:
        rows = "".join(f"<tr><td>{escape(key)}</td><td>{escape(name)}</td></tr>" for key, name in told.topics.items())
        yield f"<h2>Categories and tags become topics</h2><table><tr><th>There</th><th>Here</th></tr>{rows}</table>\n"
    heads = ("Title", "What", "Became", "Doesn't come through, or please check")
    yield f"<h2>Every item</h2><table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>\n"
    for line in told.lines:
        notes = "".join(f"<li>{escape(words)}</li>" for words in line.lost)
        notes += "".join(f"<li><b>Please check:</b> {escape(words)}</li>" for words in line.check)
        where = f"<br>{escape(line.address)}" if line.address else ""
        notes = f"<ul>{notes}</ul>" if notes else ""
        yield (
            f"<tr><td>{escape(line.title)}</td><td>{escape(line.what)}</td><td>{escape(line.became)}{where}</td>"
            f"<td>{notes}</td></tr>\n"
        )
    yield "</table></body></html>\n"


def _ordered(counts, names):
    return [(name, counts[name]) for name in names if counts[name]]


def _table(heading, rows):
    yield f"<h2>{escape(heading)}</h2><table>\n"
    yield from (f'<tr><td class="n">{count}</td><td>{escape(what)}</td></tr>\n' for what, count in rows)
    yield "</table>\n"
