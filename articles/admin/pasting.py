"""What the editor's script asks while somebody writes: a pasted piece as readers would get it."""

import re

from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.admin.pages import needs
from articles.forms import MOST_BODY
from articles.html import rendering
from articles.html.cleaning import TooDeep

# Word writes some thirty characters around each that is seen.
MOST_PASTED = 2_000_000
# What the editor itself writes into what is copied from it.
OWN_CLIPBOARD = "data-pm-slice"


def urls(view):
    """Return the address; `view` is the admin's own wrapper."""
    return [path("paste/", view(paste_view), name="articles_article_paste")]


@require_POST
@needs("articles.change_article", "articles.add_article")
def paste_view(request):
    """Answer the HTML of a clipboard with what readers would get of it, and with what is left out in words.

    `around` is the text that it is pasted into: a link to one of its headings leads somewhere. `taken` are the numbers of the
    sources there: a mark that comes from somewhere else must not cite one of them.
    """
    pasted, around = request.POST.get("html", ""), request.POST.get("around", "")[:MOST_BODY]
    if len(pasted) > MOST_PASTED:
        return JsonResponse({"error": _("This is too much to paste at once. Please paste it in parts.")}, status=413)
    try:
        cleaned = rendering.clean(pasted, around=around)
    except TooDeep as error:
        return JsonResponse({"error": str(error)}, status=422)
    html, left_out = cleaned.html, cleaned.removed
    if OWN_CLIPBOARD not in pasted:
        taken = {int(number) for number in re.findall("[0-9]{1,3}", request.POST.get("taken", ""))}
        foreign = sorted(taken & rendering.marks(rendering.words(html)))
        html = rendering.renumbered_html(html, dict.fromkeys(foreign))
        if foreign:
            marks = ", ".join(f"[{number}]" for number in foreign)
            words = _("citations {marks}, which name other sources here: each is now [?], so please cite the right source")
            left_out = [words.format(marks=marks), *left_out]
    return JsonResponse({"html": html, "left_out": left_out})
