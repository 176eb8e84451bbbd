"""Wires the apps' addresses, the admin, and the pages that only have words."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from articles.sitemaps import sitemap
from articles.views import article_detail
from comments.public.section import check_page
from lupussite import views

handler400 = "lupussite.errors.bad_request"
handler403 = "lupussite.errors.permission_denied"
handler404 = "lupussite.errors.page_not_found"
handler500 = "lupussite.errors.server_error"

urlpatterns = [
    # The page of an article shows its comments, of which articles know nothing: a page of them that is not there is a 404.
    path("articles/<slug:slug>/", article_detail, {"check": check_page}, name="detail"),
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("about/", TemplateView.as_view(template_name="pages/about.html"), name="about"),
    path("comment-rules/", TemplateView.as_view(template_name="pages/comment_rules.html"), name="comment-rules"),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
    path("accessibility/", TemplateView.as_view(template_name="pages/accessibility.html"), name="accessibility"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain"), name="robots"),
    path("healthz", views.health, name="health"),
    path("admin/r/<path:rest>", views.not_here),
    path("admin/", admin.site.urls),
]
