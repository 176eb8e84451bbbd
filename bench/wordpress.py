"""How fast a WordPress export comes over, and in how much memory: python -m bench.wordpress WHAT POSTS COMMENTS

speed     posts and comments a second, then comments screened a second, and the memory of the import
dry       the memory and time of a dry run; 6000 800000 is an export of 1 GB
readers   how long pages take beside a running import and the screening after it, against the same site at rest
killed    an import that is killed ten times ends equal to one that was not
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.running import ROOT, running_site
from tests.wordpress import killing
from tests.wordpress.wxr import HEAD, TAIL, comment, item

WORDS = "Lupus can make skin more sensitive to the sun, and some medicines add to that. Ask your doctor what fits you. " * 4
LONG = 60


def write(path: Path, posts: int, comments: int, paragraphs: int = 20) -> None:
    """Write an export of so many posts, and so many comments spread over them in threads."""
    body = "\n\n".join(
        "<h2>Part</h2>" if n % 5 == 0 else f"{WORDS} <a href='https://old.example.org/?p={n + 1}'>more</a>"
        for n in range(paragraphs)
    )
    each, number = comments // posts, 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for post in range(1, posts + 1):
            said = []
            for place in range(each):
                number += 1
                parent = str(number - 1) if place % 4 else "0"
                when = f"2026-{number % 9 + 1:02}-{number % 27 + 1:02} 10:00:00"
                text = f"Number {number}: I wear a hat every day, and long sleeves help me. Does anyone else do this in winter?"
                said.append(
                    comment(text, id=str(number), parent=parent, date_gmt=when, author_email=f"p{number % 5000}@example.org")
                )
            file.write(item(f"Post {post}", body, post_id=post, post_name=f"post-{post}", comments=said))
        file.write(TAIL)


def processor() -> float:
    """Return the seconds of a processor that all processes that ended took: what counts on a machine that others use too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def manage(folder: Path, *words: str) -> float:
    """Run a command on the site in a folder, and return how many seconds it took."""
    environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": ""}
    begun = time.monotonic()
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def peak() -> float:
    """Return the most memory that any process that ended had, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


SCREEN = """
import time
from lupussite.wordpress.jobs import screen_arrived
while screen_arrived({}):
    pass
"""


def speed(folder: Path, posts: int, comments: int) -> None:
    """Measure an import, then the screening of what came."""
    path = folder / "export.xml"
    write(path, posts, comments)
    manage(folder, "migrate", "-v0")
    idle = manage(folder, "check")
    before = processor()
    taken = manage(folder, "import_wordpress", str(path))
    used = processor() - before
    print(f"{path.stat().st_size / 1e6:.0f} MB, {posts} posts, {comments} comments: {taken:.1f} s, {peak():.0f} MB of memory")
    print(f"{posts / taken:.1f} posts and {comments / taken:.0f} comments a second, at once")
    print(f"{posts / used:.1f} posts and {comments / used:.0f} comments a second of a processor")
    before = processor()
    screened = manage(folder, "shell", "-v0", "-c", SCREEN) - idle
    used = processor() - before
    print(f"{comments / screened:.0f} comments a second screened afterward, {comments / used:.0f} a second of a processor")


def dry(folder: Path, posts: int, comments: int) -> None:
    """Measure a dry run."""
    path = folder / "export.xml"
    write(path, posts, comments, LONG)
    manage(folder, "migrate", "-v0")
    taken = manage(folder, "import_wordpress", str(path), "--dry-run")
    print(f"dry run of {path.stat().st_size / 1e6:.0f} MB: {taken:.0f} s, {peak():.0f} MB of memory")


def readers(folder: Path, posts: int, comments: int) -> None:
    """Measure pages while an export comes over and is screened."""
    path = folder / "export.xml"
    write(path, posts, comments)
    with running_site(COMMENT_LIMITS="0") as site:
        paths = [*site.open_articles(), "/", "/articles/"]
        rest = ask(site, paths, until=time.monotonic() + 20)
        moving = threading.Thread(target=site.manage, args=("import_wordpress", str(path)))
        moving.start()
        during = ask(site, paths, unless=lambda: not moving.is_alive())
        moving.join()
        after = ask(site, paths, until=time.monotonic() + 20)
    for name, times in (("at rest", rest), ("during the import", during), ("while it is screened", after)):
        ratio = f"{percentile(times) / percentile(rest):.2f} times that at rest" if times is not rest else ""
        print(f"{name}: {len(times)} pages, 95th percentile {percentile(times) * 1000:.1f} ms {ratio}")


def ask(site, paths, *, until=None, unless=lambda: False) -> list[float]:
    """Read pages one after another, forty a second, and return how long each took."""
    times = []
    while not unless() and (until is None or time.monotonic() < until):
        begun = time.monotonic()
        status, _ = site.get(paths[len(times) % len(paths)])
        times.append(time.monotonic() - begun)
        assert status == 200
        time.sleep(max(0.025 - times[-1], 0))
    return times


def percentile(times: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def killed(folder: Path, posts: int, comments: int) -> None:
    """Compare an import that was killed ten times with one that was not."""
    path = folder / "export.xml"
    write(path, posts, comments)
    fresh = folder / "fresh"
    fresh.mkdir()
    manage(fresh, "migrate", "-v0")
    found = []
    for kills in (0, 10):
        there = folder / f"data-{kills}"
        shutil.copytree(fresh, there)
        environment = os.environ | {"DATA_DIR": str(there), "DATABASE_URL": ""}
        command = [sys.executable, "-m", "tests.wordpress.killing", str(path), str(kills), "1", str(comments // 6)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        found.append(killing.query(there, killing.TABLE))
    assert found[0] == found[1], "not equal"
    print(f"{posts} posts and {len(found[0])} comments, killed ten times: equal to an import that was not")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        {"speed": speed, "dry": dry, "readers": readers, "killed": killed}[sys.argv[1]](Path(place), *map(int, sys.argv[2:4]))
