"""What is saved beside what was typed, when someone else saved the article while it was open."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.diff import differences
from articles.models import Article, Source


def typed_sources(sources) -> list[Source]:
    """Return the sources as they would be after saving what was typed, also those that somebody else added meanwhile."""
    there = [form.instance.pk for form in sources.initial_forms]
    found = list(Source.objects.filter(article=sources.instance.pk).exclude(pk__in=there))
    kept = [form for form in sources.forms if form not in sources.deleted_forms]
    found += [form.instance for form in kept if form.instance.pk or form.has_changed()]
    return sorted(found, key=lambda source: source.position or 0)


def between(saved: Article, typed: Article, sources: list[Source], links: dict) -> dict:
    """Return what differs: `parts` of the words of the page, and `others` as (name, what is saved, what was typed).

    `links` are the topics and the related articles that were chosen, as rows by the name of their field.
    """
    return {
        "parts": differences.between(saved.content()[0], typed.content(sources)[0]),
        "others": _others(saved, typed, sources, links),
    }


def _others(saved, typed, sources, links):
    no_one = _("no one")
    rows = [
        (_("Web address"), saved.slug, typed.slug),
        (_("Owner"), str(saved.owner or no_one), str(typed.owner or no_one)),
        (_("Comments"), *(_("open") if one.comments_open else _("closed") for one in (saved, typed))),
    ]
    for name, label in (("topics", _("Topics")), ("related", _("Related articles"))):
        names = [", ".join(sorted(map(str, chosen))) for chosen in (getattr(saved, name).all(), links.get(name, []))]
        rows.append((label, *(name or _("none") for name in names)))
    before = {source.pk: source for source in saved.sources.all()}
    for source in sources:
        was = before.get(source.pk)
        days = [date_format(one.retracted_on) if one and one.retracted_on else _("not set") for one in (was, source)]
        rows.append((_("Source {number}, retracted on").format(number=source.position), *days))
        if was:
            name = _("Number of the source “{title}”").format(title=source.title)
            rows.append((name, str(was.position), str(source.position)))
    return [row for row in rows if row[1] != row[2]]
