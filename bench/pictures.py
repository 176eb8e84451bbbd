"""Makes the pictures of the handbooks and of the README from this version, with the demonstration data: python -m bench.pictures"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.running import ROOT, running_site
from tests.wordpress.wxr import cdata, comment, export, item

PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "correct horse battery"
MOST_BYTES = 120_000
SIZE = {"width": 1200, "height": 640}
TITLE = "How This Site Works"


def main():
    """Change a sentence as editor and reviewer, see the queue as a doctor, move in as the owner; keep a picture of each page."""
    PICTURES.mkdir(exist_ok=True)
    with running_site(DEMO_PASSWORD=PASSWORD) as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        editor, second, reviewer = (sign_in(chromium, site, name) for name in ("demo-editor", "demo-admin", "demo-reviewer"))
        read(chromium, site)
        edit(editor, second, reviewer, site)
        moderate(sign_in(chromium, site, "demo-clinician"), site)
        make_it_theirs(second, site)
        move_in(chromium, site, second)
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


def make_it_theirs(owner, site):
    """Look at what is left to do, at the form for the name and the look with its preview, and at what the doctor says."""
    owner.goto(f"{site.url}/admin/")
    keep(owner, "opening", height=620)
    owner.goto(f"{site.url}/admin/lupussite/appearance/1/change/")
    owner.get_by_label("Name of the site").fill("The Butterfly Library")
    owner.get_by_label("Motto").fill("Lupus, explained with care")
    owner.get_by_text("Teal and sand").click()
    owner.get_by_role("button", name="Preview").click()
    keep(owner, "appearance", height=660)
    owner.goto(f"{site.url}/admin/doctor/")
    keep(owner, "doctor", height=255)


def move_in(chromium, site, owner):
    """Bring a small blog over: the report of the dry run, the mapping, what readers and the staff find afterward."""
    folder = site.data_dir / "old"
    media = folder / "uploads" / "2019" / "03"
    media.mkdir(parents=True)
    shutil.copy(ROOT / "lupussite" / "demo" / "pictures" / "a-paced-day.png", media / "day.png")
    path = folder / "export.xml"
    path.write_text(export(old_blog()))
    report = folder / "report"
    command = ("import_wordpress", str(path), "--media", str(folder / "uploads"), "--report", str(report))
    site.manage(*command, "--dry-run")
    page = chromium.new_page(color_scheme="light")
    page.goto(f"file://{report / 'report.html'}")
    keep(page, "moving-report", top="body", width=1000, height=760)
    keep(page, "moving-items", top="h2:last-of-type", width=1000, height=560)
    site.manage(*command)
    page.goto(f"{site.url}/articles/a-walk-before-breakfast/")
    keep(page, "moving-article", top="body", width=1000, height=900)
    site.manage("shell", "-v0", "-c", "from lupussite.wordpress.jobs import screen_arrived; screen_arrived({})")
    owner.goto(f"{site.url}/admin/comments/comment/?previous=look")
    keep(owner, "moving-comments", height=420)


def old_blog():
    """Return the items of a blog that nobody wrote."""
    uploads = "https://old.example.org/wp-content/uploads/2019/03"
    skin = [("category", "daily-life", "Daily Life")]
    more = f"<wp:attachment_url>{cdata(f'{uploads}/day.png')}</wp:attachment_url>"
    walk = (
        "Twenty minutes before breakfast are enough on most days.\n\n"
        f'[caption width="600"]<img src="{uploads}/day-600x400.png" class="wp-image-11"> A day with rests in it[/caption]\n\n'
        '<h3>Begin small</h3>\n\nAround the block, and home again before you are tired.\n\n[contact-form-7 id="3"]'
    )
    said = [
        comment("I walk with my dog and we both nap after.", id="1"),
        comment("What a good idea. Call me if you want company: 212-555-0147", id="2", parent="1", author="Jo"),
        comment("Cheap pills", id="3", approved="spam"),
        comment("[…] linked here […]", id="4", type="pingback"),
    ]
    alt = {"_wp_attachment_image_alt": "A day in which walking and rest take turns."}
    yield item("day", "", post_id=11, post_type="attachment", status="inherit", more=more, meta=alt)
    yield item("A Walk Before Breakfast", walk, post_name="a-walk-before-breakfast", comments=said, categories=skin)
    reviewed = "Rest before you are tired.\n\nA timer helps.\n\nReviewed by Jane Doe, MD"
    yield item("Rest on Purpose", reviewed, post_name="rest-on-purpose", categories=skin)
    yield item("Cooking Sitting Down", "A stool.\n\nA tray.", post_name="cooking", status="draft")
    yield item("Contact", "Write to us.", post_name="contact", post_type="page")
    chart = f'A chart of one week.\n\nIt is gone. <img src="{uploads}/chart.png" alt="A chart">'
    yield item("My Week in a Chart", chart, post_name="my-week", categories=skin, meta={"acme_rating": "5"})


if __name__ == "__main__":
    main()
