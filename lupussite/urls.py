"""Wires the apps' addresses, the admin, and the pages that only have words."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from accounts.views import forgotten
from articles.sitemaps import sitemap, sitemap_file
from articles.views import article_detail
from comments.public.section import check_page
from lupussite import staff_mail, views
from web.everybody import same_for_everybody

handler400 = "lupussite.errors.bad_request"
handler403 = "lupussite.errors.permission_denied"
handler404 = "lupussite.errors.page_not_found"
handler500 = "lupussite.errors.server_error"


def _page(template, **more):
    """Return the view of a page that only has words."""
    return same_for_everybody()(TemplateView.as_view(template_name=template, **more))


urlpatterns = [
    # The page of an article shows its comments, of which articles know nothing: a page of them that is not there is a 404.
    path("articles/<slug:slug>/", article_detail, {"check": check_page}, name="detail"),
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("pages/", views.page_list, name="pages"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("about/", _page("pages/about.html"), name="about"),
    path("comment-rules/", _page("pages/comment_rules.html"), name="comment-rules"),
    path("privacy/", _page("pages/privacy.html"), name="privacy"),
    path("privacy/staff/", _page("pages/staff_privacy.html"), name="staff-privacy"),
    path("accessibility/", _page("pages/accessibility.html"), name="accessibility"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap_file, name="sitemap-file"),
    path("robots.txt", _page("robots.txt", content_type="text/plain"), name="robots"),
    path("healthz", views.health, name="health"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("admin/r/<path:rest>", views.not_here),
    path("admin/forgotten/", forgotten, {"send": staff_mail.send_link}, name="account_forgotten"),
    path("admin/doctor/", admin.site.admin_view(views.doctor), name="doctor"),
    path("admin/doctor/mail/", admin.site.admin_view(views.try_mail), name="try-mail"),
    path("admin/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]
