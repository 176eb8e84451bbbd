"""The pages on which a person sees, corrects and erases what is kept about them, without an account.

Opening one changes nothing, for mail programs open links by themselves: the button on it does.
"""

import functools
import json

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments.flows import held, rights, secret_links
from comments.models import Comment, DataRequest
from comments.public.forms import MAX_EMAIL, email_field, name_field, well_named
from web.forms import TrapForm
from web.network import network_of_request
from web.origin import is_same_origin
from web.posting import Redirect303, for_back, private, reader_form, take

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
NOT_SENT = _("Nothing was sent. What you typed is still here.")
# So many of the newest comments are on the page; the file has all.
SHOWN = 200


class AddressForm(TrapForm):
    """Whose data somebody asks for."""

    email = email_field()

    @property
    def helper(self):
        """The crispy layout; tag, address and button are the template's."""
        return self.layout("email", "leave")


class NameForm(TrapForm):
    """Another name for a comment."""

    name = name_field()

    def clean_name(self):
        """Refuse what the form under an article refuses."""
        return well_named(self, self.cleaned_data["name"])


@reader_form(_("Your request wasn't saved"), ["email"])
@get_or_post
def your_data(request):
    """Ask for an address, and say that a mail is on its way if it is known."""
    if request.method != "POST":
        return _form_page(request, AddressForm(), 200, "")
    form = AddressForm(request.POST)

    def keep():
        rights.ask(form.cleaned_data["email"], network=network_of_request(request))
        return Redirect303(reverse("comments:your-data-sent"))

    return take(request, form, keep, functools.partial(_form_page, request, form), not_sent=NOT_SENT)


@require_safe
def sent(request):
    """Say what happens now; the same for every address."""
    return private(render(request, "comments/your_data_sent.html", {"minutes": int(rights.LASTS.total_seconds() // 60)}))


@csrf_exempt  # Readers get no cookie: the secret address is the right to do this, is_same_origin keeps other sites out.
@get_or_post
def link(request, pk, token):
    """Show a button that uses the link up and leads to the page; a link that opens nothing any more says so."""
    asked = DataRequest.objects.filter(pk=pk).first()
    if asked is None or not secret_links.opens(asked, "rights", token) or not rights.can_be_used(asked):
        return _closed_page(request)
    if request.method != "POST":
        return private(render(request, "comments/your_data_link.html"))
    if not is_same_origin(request):
        return HttpResponse(status=403)
    if not rights.use(asked):
        return _closed_page(request)
    asked.refresh_from_db()
    return private(Redirect303(address_of(asked)))


@csrf_exempt  # As for the link.
@get_or_post
def page(request, pk, token):
    """Show everything that is kept, and do what one of its buttons says."""
    asked = _opened(pk, token)
    if asked is None:
        return _closed_page(request)
    if request.method != "POST":
        return _page(request, asked)
    if not is_same_origin(request):
        return HttpResponse(status=403)
    if "everything" in request.POST:
        number = rights.erase_everything(asked)
        return private(render(request, "comments/your_data_erased.html", {"number": number}))
    try:
        number = int(request.POST.get("comment", "")[:18])
        if "take-back" in request.POST:
            rights.take_back(asked, number)
        else:
            form = NameForm(request.POST)
            if not form.is_valid():
                return _page(request, asked, wrong=number, form=form, status=422)
            rights.correct_name(asked, number, form.cleaned_data["name"])
    except (ValueError, Comment.DoesNotExist):
        raise Http404 from None
    if not DataRequest.objects.filter(pk=pk, contact__isnull=False).exists():
        # It was the last comment, and the address went with it.
        return private(render(request, "comments/your_data_erased.html", {"number": 1}))
    return private(Redirect303(f"{address_of(asked)}#c{number}"))


@require_safe
def data_file(request, pk, token):
    """Give the same as a file for other programs."""
    asked = _opened(pk, token)
    if asked is None:
        return _closed_page(request)
    data = json.dumps(held.everything(asked.contact_id), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="what-we-keep.json"'}
    return private(HttpResponse(data + "\n", content_type="application/json", headers=headers))


def address_of(asked: DataRequest) -> str:
    """Return the path of the page that a request opened."""
    return reverse("comments:your-data-page", args=[asked.pk, rights.token_of(asked)])


def _opened(pk, token):
    asked = DataRequest.objects.select_related("by").filter(pk=pk).first()
    return asked if asked and rights.is_open(asked, token) else None


def _form_page(request, form, status, summary):
    context = {"form": form, "summary": summary, "most": MAX_EMAIL}
    response = render(request, "comments/your_data.html", context, status=status)
    return for_back(response) if form.is_bound else response


def _closed_page(request):
    return private(render(request, "comments/your_data_closed.html", status=410))


def _page(request, asked, *, wrong=None, form=None, status=200):
    everything = held.everything(asked.contact_id)
    context = {
        "person": everything["person"],
        "comments": everything["comments"][:SHOWN],
        "number": len(everything["comments"]),
        "by": asked.by,
        "file": reverse("comments:your-data-file", args=[asked.pk, rights.token_of(asked)]),
        "wrong": wrong,
        "errors": form.errors["name"] if form and "name" in form.errors else [],
    }
    return private(render(request, "comments/your_data_page.html", context, status=status))
