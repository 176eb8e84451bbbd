"""What the site believes of the address it was asked at: nothing. And of the proxy before it: what the first one saw."""

import ipaddress

import pytest
from django.contrib.contenttypes.models import ContentType

from articles.models import Address
from comments.models import State
from tests.factories import make_comment

pytestmark = pytest.mark.django_db

ELSEWHERE = {"host": "localhost:9999"}


@pytest.fixture
def behind_a_proxy(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = "lupus.example"
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1/32")]


@pytest.mark.parametrize("proto", ["https", "HTTPS", " https ", "https,http", "https, http", "https , https"])
def test_a_page_that_came_by_https_is_answered(client, behind_a_proxy, proto):
    assert client.get("/about/", headers={"x-forwarded-proto": proto}).status_code == 200


@pytest.mark.parametrize("proto", ["http", "http,https", "", ",https", "ftp", "https;http"])
def test_anything_else_is_led_to_the_sites_own_address(client, behind_a_proxy, proto):
    answer = client.get("/about/?a=b", headers={"x-forwarded-proto": proto} | ELSEWHERE)
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://lupus.example/about/?a=b")


def test_nobody_else_says_how_they_came(client, behind_a_proxy):
    answer = client.get("/about/", headers={"x-forwarded-proto": "https"}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 301


def test_the_host_that_was_asked_is_never_said_again(client, admin_client):
    comment = make_comment(state=State.APPROVED)
    article = comment.article
    Address.objects.create(slug="former", article=article)
    page = article.get_absolute_url()
    kind = ContentType.objects.get_for_model(article).pk
    public = ["/", "/about", "/feed", "/feed/", f"{page}feed/", "/articles/former/", "/articles/former/feed/", page, page[:-1]]
    public += [f"{page}comments/", f"{page}review.json", f"{page}changes/", comment.get_absolute_url(), comment.author_url]
    public += ["/sitemap.xml", "/robots.txt", "/healthz", "/nothing/", "//other.example/", "/search/?q=a", "/admin/"]
    staff = ["/admin/", "/admin/comments", f"/admin/r/{kind}/{article.pk}/", f"/admin/articles/article/{article.pk}/change/"]
    staff += [f"/admin/comments/comment/{comment.pk}/change/"]
    for browser, addresses in ((client, public), (admin_client, staff)):
        for address in addresses:
            answer = browser.get(address, headers=ELSEWHERE)
            assert answer.status_code in {200, 301, 302, 404}, address
            assert "9999" not in str(answer.headers) + answer.content.decode(), address
    form = {"name": "Ana", "email": "ana@example.org", "body": "Words"}
    answer = client.post(f"{page}comments/", form, headers=ELSEWHERE)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/comments/")
