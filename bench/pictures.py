"""Makes the pictures of the handbooks and of the README from this version, with the demonstration data: python -m bench.pictures"""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.running import ROOT, running_site

PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "correct horse battery"
MOST_BYTES = 120_000
SIZE = {"width": 1200, "height": 640}
TITLE = "How This Site Works"


def main():
    """Walk the path of a small change as editor and reviewer, then the queue as a doctor; keep a picture of each page."""
    PICTURES.mkdir(exist_ok=True)
    with running_site(DEMO_PASSWORD=PASSWORD) as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        editor, second, reviewer = (sign_in(chromium, site, name) for name in ("demo-editor", "demo-admin", "demo-reviewer"))
        read(chromium, site)
        edit(editor, second, reviewer, site)
        moderate(sign_in(chromium, site, "demo-clinician"), site)
        chromium.close()


def sign_in(chromium, site, name):
    """Return a page of somebody who is signed in."""
    page = chromium.new_context(viewport=SIZE, color_scheme="light").new_page()
    page.goto(f"{site.url}/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{site.url}/admin/")
    return page


def open_article(page, site, title):
    """Open the change page of an article."""
    page.goto(f"{site.url}/admin/articles/article/")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_load_state()


def keep(page, name, *, top="#content", width=SIZE["width"], height=SIZE["height"]):
    """Write a picture of the page, from the element `top` down, without the sidebar, which takes a quarter of it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_load_state("networkidle")
    if page.locator("#main.shifted").count():
        page.locator("#toggle-nav-sidebar").click()
    page.locator(top).first.evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(400)
    path = Path(PICTURES / f"{name}.png")
    page.screenshot(path=path)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes, more than {MOST_BYTES}")
    print(f"{path.name}: {path.stat().st_size} bytes")


def read(chromium, site):
    """Open an article as a reader does: the picture of the README."""
    page = chromium.new_page(color_scheme="light")
    page.goto(site.url)
    page.get_by_role("link", name="Tired With Lupus").click()
    page.wait_for_load_state()
    keep(page, "article", top="body", width=1000, height=672)


def edit(editor, second, reviewer, site):
    """Change a sentence, meet somebody else's change, submit, read, sign and publish."""
    open_article(second, site, TITLE)
    open_article(editor, site, TITLE)
    keep(editor, "editing-write", width=1480, height=900)
    choose_picture(editor)
    summary = editor.locator("#id_summary").input_value()
    points = f"{editor.locator('#id_need_to_know').input_value()}\n- Every page says who checked it."
    second.fill("#id_need_to_know", points)
    second.click("[name=_save]")
    editor.fill("#id_summary", f"{summary} It takes two minutes to read.")
    editor.click("[name=_save]")
    keep(editor, "editing-conflict", top="#conflict", height=480)
    editor.fill("#id_need_to_know", points)
    editor.click("[name=_save]")
    editor.get_by_role("link", name="Send to the reviewer").click()
    editor.get_by_label("Wording").check()
    editor.get_by_label("What changed, for readers").fill("Says how long the page takes to read.")
    keep(editor, "editing-submit", height=760)
    editor.get_by_role("button", name="Send to the reviewer").click()

    open_article(reviewer, site, TITLE)
    reviewer.get_by_role("link", name="Read and sign version 2").click()
    reviewer.get_by_role("link", name="What changed since version 1").click()
    keep(reviewer, "editing-review", top="main", height=820)
    reviewer.goto(f"{site.url}/admin/articles/article/desk/")
    keep(reviewer, "editing-desk")
    open_article(reviewer, site, TITLE)
    reviewer.get_by_role("link", name="Read and sign version 2").click()
    reviewer.get_by_role("link", name="What changed since version 1").click()
    reviewer.get_by_role("button", name="Sign the changes only").click()

    open_article(editor, site, TITLE)
    keep(editor, "editing-publish", height=360)
    editor.get_by_role("link", name="Preview the draft").click()
    editor.get_by_role("link", name="dark", exact=True).click()
    keep(editor, "editing-preview", top="body")
    open_article(editor, site, TITLE)
    editor.get_by_role("link", name="Publish version 2").click()
    editor.get_by_role("button", name="Publish version 2").click()
    editor.get_by_text("Version 2 is online").wait_for()
    editor.get_by_role("link", name="Full history").click()
    keep(editor, "editing-history", height=360)


def choose_picture(editor):
    """Look at the dialog for pictures with one of the demonstration in it, and use none."""
    editor.get_by_role("button", name="Picture", exact=True).click()
    dialog = editor.get_by_role("dialog")
    dialog.get_by_label("Files").set_input_files(ROOT / "lupussite" / "demo" / "pictures" / "a-paced-day.png")
    dialog.get_by_label("What does it show?").fill("A day in which activity and rest take turns, from breakfast to sleep.")
    dialog.get_by_label("Caption").fill("One way to pace a day.")
    dialog.locator("canvas").wait_for()
    keep(editor, "editing-picture", top="dialog[open]", width=760, height=900)
    dialog.get_by_role("button", name="Cancel").click()


def moderate(doctor, site):
    """Look at the queue, one comment and the figures."""
    doctor.goto(f"{site.url}/admin/comments/queued/")
    keep(doctor, "moderating-queue", height=1000)
    doctor.goto(f"{site.url}/admin/comments/queued/?lane=clinician")
    doctor.locator(".queue-card h2 a").first.click()
    keep(doctor, "moderating-comment", height=900)
    doctor.goto(f"{site.url}/admin/comments/queued/overview/")
    keep(doctor, "moderating-overview", height=760)


if __name__ == "__main__":
    main()
