"""No script of a stranger runs, also in a browser that knows no policy: every page is opened without ours."""

import json
import urllib.parse

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.payloads import PAYLOADS
from tests.running import running_site
from tests.wordpress import wxr

ARTICLE = "/articles/botox-injections-and-lupus/"
# What would run a script, at once or when it is pressed, and what no page of ours has.
COULD_RUN = """() => [...document.querySelectorAll("*")].flatMap(one => {
    const link = /^(javascript|vbscript|data:(?!image\\/))/i;
    const found = [...one.attributes].filter(({name, value}) => name.startsWith("on") || name === "srcdoc" ||
        (one.localName !== "input" && name !== "alt" && link.test(value.replace(/[\\x00-\\x20]/g, ""))));
    const foreign = ["iframe", "object", "embed", "base", "math", "animate", "style", "foreignobject"].includes(one.localName);
    const script = one.localName === "script" && !one.src.startsWith(location.origin) && one.type !== "application/ld+json";
    return foreign || script || found.length || one.httpEquiv === "refresh" ? [one.outerHTML.slice(0, 200)] : [];
})"""
PASTE = """words => {
    const data = new DataTransfer();
    data.setData("text/html", words);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.querySelector(".ProseMirror").dispatchEvent(event);
}"""
# Each has a field that takes no such words, or is left blank, so that all the others come back.
FORMS = ["/admin/lupussite/page/add/", "/admin/articles/topic/add/", "/admin/articles/reviewer/add/", "/admin/accounts/user/add/"]
FILL = """words => {
    const form = document.querySelector("#content form");
    form.noValidate = true;
    for (const field of form.querySelectorAll("input:not([type]), [type=text], [type=email], [type=url], textarea"))
        field.value = words;
}"""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """A site with the words of strangers in every place, and the paths of the pages that show them."""
    with running_site(COMMENT_LIMITS="0", DEMO_PASSWORD=PASSWORD) as site:
        words = "from tests.browser.payloads import put_everywhere; import json; print(json.dumps(put_everywhere()))"
        site.public, site.staff = json.loads(site.manage("shell", "--no-imports", "-c", words).splitlines()[-1])
        items = [
            wxr.item(words, f"<p>Before.</p>\n\n{words}", excerpt=words, post_name=f"old-{number}", comments=[wxr.comment(words)])
            for number, words in enumerate(PAYLOADS)
        ]
        export = tmp_path_factory.mktemp("export") / "export.xml"
        export.write_text(wxr.export(items).replace("\x01", ""), encoding="utf-8")
        site.manage("import_wordpress", str(export))
        site.public += [f"/articles/old-{number}/" for number in range(len(PAYLOADS))]
        yield site


@pytest.fixture
def watched(open_page, attacked):
    """A page without the policy, and the list of what ran in it."""
    page = open_page(attacked.url, bypass_csp=True)
    page.ran = []
    page.on("dialog", lambda dialog: (page.ran.append(page.url), dialog.dismiss()))
    return page


def opened(page, site, paths):
    """Open each and return what could run, besides what ran."""
    could = {}
    for path in paths:
        page.goto(site.url + path)
        if found := page.evaluate(COULD_RUN):
            could[path] = found
    return could


def test_a_script_would_be_noticed(watched):
    watched.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=nowhere onerror=alert(1)>')")
    watched.evaluate("document.body.append(Object.assign(document.createElement('a'), {href: 'java\\tscript:1'}))")
    watched.wait_for_timeout(300)
    assert watched.ran
    assert len(watched.evaluate(COULD_RUN)) == 2


def test_nothing_runs_on_the_pages_of_readers(watched, attacked):
    assert opened(watched, attacked, attacked.public) == {}
    assert watched.ran == []


def test_nothing_runs_of_what_an_address_says(watched, attacked):
    asked = [f"{path}{urllib.parse.quote(words)}" for words in PAYLOADS for path in ("/search/?q=", "/admin/login/?next=", "/")]
    assert opened(watched, attacked, asked) == {}
    assert watched.ran == []


def test_nothing_runs_of_a_form_that_comes_back(watched, attacked):
    could = {}
    for words in PAYLOADS:
        watched.goto(attacked.url + ARTICLE)
        watched.fill("#id_name", words)
        watched.fill("#id_body", words)
        watched.fill("#id_email", words)
        watched.get_by_role("button", name="Send comment").click()
        watched.wait_for_selector("#error-summary")
        if found := watched.evaluate(COULD_RUN):
            could[words] = found
    assert (could, watched.ran) == ({}, [])


def test_nothing_runs_on_the_pages_of_the_staff(watched, attacked):
    sign_in(watched, attacked)
    assert opened(watched, attacked, attacked.staff) == {}
    assert watched.ran == []


@pytest.mark.parametrize("path", FORMS)
def test_nothing_runs_of_a_form_of_the_staff_that_comes_back(watched, attacked, path):
    sign_in(watched, attacked)
    watched.goto(attacked.url + path)
    for words in PAYLOADS:
        watched.evaluate(FILL, words)
        with watched.expect_navigation():
            watched.evaluate("() => document.querySelector('#content form [type=submit]').click()")
        assert watched.locator(".errornote, .errorlist").count(), "the form came back"
        assert watched.evaluate(COULD_RUN) == []
    assert watched.ran == []


def test_nothing_runs_of_what_is_pasted_into_the_editor(watched, attacked):
    sign_in(watched, attacked)
    watched.goto(f"{attacked.url}/admin/articles/article/add/")
    watched.wait_for_selector(".ProseMirror")
    for words in PAYLOADS:
        with watched.expect_response("**/paste/"):
            watched.evaluate(PASTE, f"<p>Pasted.</p>{words}")
    expect(watched.get_by_text("Pasted.").first).to_be_visible()
    assert watched.evaluate(COULD_RUN) == []
    assert watched.ran == []
