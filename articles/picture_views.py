"""The files of pictures, each at an address that always has the same bytes."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from articles.pictures import files
from articles.pictures.encoding import TYPES


@require_safe
def picture(request, name):
    """Answer a file of a picture, to be kept for a year: its address holds the hash of its bytes."""
    try:
        data = files.path_of(name).read_bytes()
    except (ValueError, FileNotFoundError) as error:
        raise Http404 from error
    # Compressed already: to compress it again would only take time.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return HttpResponse(
        data,
        content_type=TYPES[name.rpartition(".")[2]],
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            # Opened by itself, it can load and run nothing, whatever a browser takes it for.
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
