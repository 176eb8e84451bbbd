"""What the editor's script sends when somebody adds a picture: the file, and what readers are told of it."""

import errno

from django import forms
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.admin.pages import needs
from articles.models import Picture
from articles.pictures.encoding import MOST_BYTES, Refused
from articles.pictures.uploading import upload

# Full, or not writable: nothing that the editor or this program did wrong.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


class PictureForm(forms.ModelForm):
    """A file and the words for it: a description, or the word of the editor that the picture is decorative."""

    file = forms.FileField(
        label=gettext_lazy("Picture"),
        allow_empty_file=True,  # It is refused in the same words as other files that can't be used.
        error_messages={"required": gettext_lazy("Please choose a picture.")},
    )

    class Meta:
        model = Picture
        fields = ["file", "alt", "is_decorative", "caption", "credit", "license"]

    def clean(self):
        """Refuse a picture without words that isn't decorative; a decorative one has none."""
        if self.cleaned_data.get("is_decorative"):
            self.cleaned_data["alt"] = ""
        elif "alt" in self.cleaned_data and not self.cleaned_data["alt"]:
            self.add_error("alt", _("Please describe the picture for people who can't see it, or mark it as decorative."))
        return self.cleaned_data


def urls(view):
    """Return the address; `view` is the admin's own wrapper."""
    return [path("picture/", view(picture_view), name="articles_article_picture")]


@require_POST
@needs("articles.change_article", "articles.add_article")
def picture_view(request):
    """Keep a picture and answer what the text needs of it, or say why not."""
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(" ".join(words for errors in form.errors.values() for words in errors))
    words = {key: value for key, value in form.cleaned_data.items() if key != "file"}
    try:
        # One byte more than allowed is enough to see that it is too much.
        picture = upload(form.cleaned_data["file"].read(MOST_BYTES + 1), by=request.user, **words)
    except Refused as error:
        return _refused(str(error))
    except OSError as error:
        if error.errno not in DISK:
            raise
        words = _(
            "The site's disk is full or can't be written to, so the picture wasn't saved. Please tell the owner of this site."
        )
        return _refused(words, status=503)
    return JsonResponse(
        {
            "src": reverse("articles:picture", args=[picture.name]),
            "width": picture.width,
            "height": picture.height,
            "alt": picture.alt,
            "caption": picture.caption,
        }
    )


def _refused(words, status=422):
    return JsonResponse({"error": words}, status=status)
