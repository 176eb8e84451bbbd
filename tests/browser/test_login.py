"""The login in a browser: passkeys, codes, recovery codes; without a mistake that axe finds, on a phone and in the dark."""

import os
import pathlib
import re

import pytest
from playwright.sync_api import expect

from tests.accounts.logging_in import code
from tests.browser.conftest import PASSWORD
from tests.browser.test_accessibility import TAGS
from tests.running import running_site

PHONE = {"viewport": {"width": 360, "height": 740}}
LOOKS = {"desktop": {}, "phone": PHONE, "dark phone": PHONE | {"color_scheme": "dark"}}


@pytest.fixture(scope="module")
def locked():
    """A site that requires second factors, at a host name, which passkeys need."""
    with running_site(DEMO_PASSWORD=PASSWORD, REQUIRE_SECOND_FACTOR="1") as site:
        site.url = site.url.replace("127.0.0.1", "localhost")
        yield site


@pytest.fixture
def page(open_page, locked):
    """The login page of that site, in a browser that has a passkey device."""
    page = open_page(f"{locked.url}/admin/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    return page


def type_password(page, name):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_a_passkey_is_made_at_the_first_login_and_is_all_it_takes_from_then_on(page, locked):
    type_password(page, "demo-editor")
    expect(page.get_by_text("One more step")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    press(page, "Make the passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="To the desk").click()
    page.wait_for_url(f"{locked.url}/admin/")
    press(page, "Log out")
    press(page, "Log in with a passkey")
    page.wait_for_url(f"{locked.url}/admin/")
    page.goto(f"{locked.url}/admin/account/totp/activate/")
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    press(page, "Use the passkey")
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    press(page, "Set it up")
    expect(page.locator("#error-summary")).to_be_focused()
    assert page.complaints == []


def test_a_code_from_an_app_works_without_a_script(open_page, locked):
    page = open_page(f"{locked.url}/admin/", java_script_enabled=False)
    type_password(page, "demo-moderator")
    page.get_by_role("link", name="Set up an authenticator app").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(code(secret))
    press(page, "Set it up")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{locked.url}/admin/")
    press(page, "Log out")
    type_password(page, "demo-moderator")
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    page.get_by_label("Code").fill(code(secret))
    press(page, "Log in")
    page.wait_for_url(f"{locked.url}/admin/")


def checker(page, axe, seen, look):
    """Return a function that notes what axe finds wrong with the page as it is now, and whether it is too wide."""

    def check(name):
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        seen[name] = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] + (
            [("wide", wide)] if wide else []
        )
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=pathlib.Path(folder) / f"{re.sub('[^a-z]+', '-', f'{look}-{name}')}.png", full_page=True)

    return check


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_wrong_with_the_pages_of_the_login(open_page, locked, axe, look):
    page = open_page(f"{locked.url}/admin/login/", **LOOKS[look])
    seen = {}
    check = checker(page, axe, seen, look)
    check("login")
    press(page, "Log in")
    check("login with errors")
    page.goto(f"{locked.url}/admin/forgotten/")
    check("forgotten")
    page.goto(f"{locked.url}/admin/welcome/x/y-z/")
    check("dead link")
    page.goto(f"{locked.url}/admin/login/")
    type_password(page, "demo-clinician")
    check("account")
    page.goto(f"{locked.url}/admin/account/totp/activate/")
    check("app")
    page.goto(f"{locked.url}/admin/account/webauthn/add/")
    check("passkey")
    assert {name: wrong for name, wrong in seen.items() if wrong} == {}


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_pages_of_ones_own_factors(page, locked, axe, look):
    """In both looks, and as narrow as a phone; each look has a person of its own, who sets up an app and a passkey."""
    page.emulate_media(color_scheme=look)
    page.set_viewport_size(PHONE["viewport"])
    seen, account = {}, f"{locked.url}/admin/account/"
    check = checker(page, axe, seen, look)
    name = {"light": "demo-reviewer", "dark": "demo-admin"}[look]
    type_password(page, name)
    page.goto(f"{account}totp/activate/")
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(code(secret))
    press(page, "Set it up")
    check("recovery codes")
    for path in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "webauthn/", "password-again/"):
        page.goto(account + path)
        check(f"with an app: {path}")
    page.goto(f"{account}webauthn/add/")
    press(page, "Make the passkey")
    page.wait_for_url(re.compile(r"/admin/account/(?!webauthn/add/)"))
    page.goto(f"{account}webauthn/")
    check("passkeys")
    ways = set(re.findall(r"/admin/account/webauthn/keys/\d+/\w+/", page.content()))
    assert ways
    for path in sorted(ways):
        page.goto(locked.url + path)
        check(re.sub(r"\d+", "N", path))
    page.goto(f"{locked.url}/admin/")
    page.get_by_role("button", name="Log out", exact=True).click()
    type_password(page, name)
    check("second factor")
    assert {name: wrong for name, wrong in seen.items() if wrong} == {}
    assert len(seen) > 9
