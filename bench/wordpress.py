"""How fast a WordPress export comes over, and in how much memory: posts and comments a second, then screening a second.

python bench/wordpress.py 1000 100000      posts and comments; in a DATA_DIR of its own, which is removed
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WORDS = "Lupus can make skin more sensitive to the sun, and some medicines add to that. Ask your doctor what fits you. " * 4


def write(path: Path, posts: int, comments: int) -> None:
    """Write an export of so many posts, and so many comments spread over them in threads."""
    from tests.wordpress.wxr import HEAD, TAIL, comment, item

    body = "\n\n".join(
        ["<h2>Part</h2>" if n % 5 == 0 else f"{WORDS} <a href='https://old.example.org/?p={n + 1}'>more</a>" for n in range(20)]
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


def main(posts: int, comments: int) -> None:
    """Measure, and print a line for each part."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xml"
        write(path, posts, comments)
        environment = os.environ | {"DATA_DIR": folder, "PYTHONPATH": str(ROOT)}
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True)
        begun = time.monotonic()
        subprocess.run([*manage, "import_wordpress", str(path)], env=environment, check=True, stdout=subprocess.DEVNULL)
        taken = time.monotonic() - begun
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{path.stat().st_size / 1e6:.0f} MB, {posts} posts, {comments} comments: {taken:.1f} s, {memory:.0f} MB of memory")
        print(f"{posts / taken:.1f} posts and {comments / taken:.0f} comments a second, at once")
        screen = (
            "import time, django; django.setup(); from lupussite.wordpress.jobs import screen_arrived; t = time.monotonic();\n"
            "while screen_arrived({}): pass\nprint(time.monotonic() - t)"
        )
        environment["DJANGO_SETTINGS_MODULE"] = "lupussite.settings"
        out = subprocess.run([sys.executable, "-c", screen], env=environment, check=True, capture_output=True, text=True)
        print(f"{comments / float(out.stdout.split()[-1]):.0f} comments a second screened afterward")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
