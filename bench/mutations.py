"""Break one promise at a time in a copy of the code, and see whether a test notices.

    python -m bench.mutations [NAME …]

Each line of MUTATIONS takes away one thing that a promise rests on. A mutation that survives is a promise that no test guards.
With DATABASE_URL those that only PostgreSQL can show are tried too. Takes some minutes: each runs tests until one fails.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MINUTES = 10
ARTICLES = "tests/articles"
COMMENTS = "tests/comments tests/test_guards.py --ignore-glob=*/test_screening*"
POSTGRES = "postgres"

# name: (file, what stands there, what is put there, tests that should notice, "postgres" when SQLite cannot show it)
MUTATIONS = {
    # Versions: a decision is made on what was seen.
    "move-unconditional": (
        "comments/flows/moderation.py",
        "Comment.objects.filter(pk=comment.pk, version=comment.version, state=comment.state)",
        "Comment.objects.filter(pk=comment.pk)",
        "tests/test_guards.py",
    ),
    "seen-any-version": ("comments/flows/moderation.py", "if comment.version != version:", "if False:", COMMENTS),
    "undo-any-version": ("comments/flows/moderation.py", "if comment.version != event.version + 1:", "if False:", COMMENTS),
    "undo-for-ever": ("comments/flows/moderation.py", ">= UNDO_FOR", ">= UNDO_FOR * 1000", COMMENTS),
    "undo-by-anybody": (
        "comments/flows/moderation.py",
        'if event.actor_id != by.pk or not by.has_perm("comments.moderate_comment"):',
        'if not by.has_perm("comments.moderate_comment"):',
        COMMENTS,
    ),
    "undo-keeps-mail": ("comments/flows/moderation.py", "outbox.cancel(event.cancel_key)", "pass", COMMENTS),
    "change-any-version": (
        "comments/flows/submission.py",
        "if comment.state != State.PENDING or comment.version != version:",
        "if comment.state != State.PENDING:",
        COMMENTS,
    ),
    "change-what-is-decided": (
        "comments/flows/submission.py",
        "if comment.state != State.PENDING or comment.version != version:",
        "if comment.version != version:",
        COMMENTS,
    ),
    "save-over-another": ("articles/saving.py", "if version is not None and current.version != version:", "if False:", ARTICLES),
    "sign-what-was-not-shown": (
        "articles/taking.py",
        "if shown_hash is not None and shown_hash != canonical.sha256(revision.content):",
        "if False:",
        ARTICLES,
    ),
    "sign-against-another-base": ("articles/workflow.py", "if shown_base not in {None, base.pk}:", "if False:", ARTICLES),
    # Review: what says "reviewed" was reviewed.
    "review-believes-the-column": (
        "articles/models/article.py",
        "canonical.sha256(self.revision.content),",
        "self.revision.sha256,",
        "tests/test_guards.py",
    ),
    "holding-believes-the-column": (
        "articles/workflow_rules.py",
        "if sign_off.sha256 == canonical.sha256(content):",
        "if sign_off.sha256 and content:",
        "tests/test_guards.py",
    ),
    "same-words-of-another-version": (
        "articles/review.py",
        "if one.sha256 == live_hash and one.revision == revision]",
        "if one.sha256 == live_hash]",
        ARTICLES,
    ),
    "overdue-a-day-late": ("articles/review.py", "if today >= newest.valid_until:", "if today > newest.valid_until:", ARTICLES),
    "revoked-base-still-holds": (
        "articles/review.py",
        "        if signature.revoked_on is not None:\n            return signature\n        if signature.base is None:\n",
        "        if signature.base is None or signature.revoked_on is not None:\n"
        "            return signature if signature.base is None and signature.revoked_on else None\n"
        "        if False:\n",
        ARTICLES,
    ),
    "revoke-of-another": (
        "articles/workflow.py",
        'if not by.has_perm("articles.publish_article") and not Reviewer.objects.filter(user=by, pk=sign_off.reviewer_id).exists():',
        'if False and not by.has_perm("articles.publish_article"):',
        "tests/test_guards.py",
    ),
    "revoke-only-one": (
        "articles/workflow.py",
        "revision=revision, reviewer=sign_off.reviewer_id, revoked_at=None",
        "pk=sign_off.pk, revision=revision, revoked_at=None",
        ARTICLES,
    ),
    "sign-without-profile": (
        "articles/workflow.py",
        "if reviewer is None or not reviewer.is_active(",
        "if reviewer is None and (",
        ARTICLES,
    ),
    "step-without-permission": (
        "articles/taking.py",
        "if not any(by.has_perm(permission) for permission in PERMISSIONS[step]):",
        "if False:",
        ARTICLES,
    ),
    "plan-of-who-may-no-more": (
        "articles/planned.py",
        'elif not (made.by.is_staff and made.by.has_perm("articles.publish_article")):',
        "elif False:",
        ARTICLES,
    ),
    "plan-on-a-withdrawn-page": ("articles/planned.py", "    if article.withdrawn_on:", "    if False:", ARTICLES),
    "mail-to-who-did-it": ("articles/notices.py", "- {event.actor_id, None}", "- {None}", ARTICLES),
    "urgent-without-a-page": (
        "articles/workflow.py",
        "if revision.article.withdrawn_on or not revision.article.revisions.live().exists():",
        "if False:",
        ARTICLES,
    ),
    "hash-without-format": (
        "articles/canonical.py",
        'normal(content) | {"format": format_of(content)}',
        "normal(content)",
        ARTICLES,
    ),
    "hash-keeps-trailing-space": ("articles/canonical.py", "line.rstrip() for line in lines", "line for line in lines", ARTICLES),
    "sanitizer-removed": (
        "articles/html/cleaning.py",
        'safe = "".join(map(cleaner.clean, portions)).strip',
        'safe = "".join(portions).strip',
        "tests/test_guards.py",
    ),
    "any-scheme-in-a-link": ("articles/html/tags.py", "return scheme in PROTOCOLS", "return True", ARTICLES),
    # Permissions.
    "decide-without-permission": (
        "comments/flows/moderation.py",
        'if not by.has_perm("comments.moderate_comment"):\n        raise PermissionDenied(_("Only a moderator can decide',
        'if False:\n        raise PermissionDenied(_("Only a moderator can decide',
        COMMENTS,
    ),
    "sensitive-lanes-for-all": (
        "comments/flows/moderation.py",
        "    if to in FINAL:\n        check_lane(comment, by)\n",
        "",
        COMMENTS,
    ),
    "details-shown-by-all": (
        "comments/flows/moderation.py",
        "    check_lane(comment, by)\n    if comment.state not in {State.PENDING, State.APPROVED, State.HIDDEN}:",
        "    if comment.state not in {State.PENDING, State.APPROVED, State.HIDDEN}:",
        COMMENTS,
    ),
    "reveal-without-permission": (
        "comments/flows/addresses.py",
        'if not by.has_by_role("comments.reveal_contact"):',
        "if False:",
        COMMENTS,
    ),
    "reveal-without-reason": ("comments/flows/addresses.py", "if not reason.strip():", "if False:", COMMENTS),
    "erase-without-permission": (
        "comments/flows/erasing.py",
        'if by is not None and not by.has_perm("comments.erase_comment"):',
        "if False:",
        COMMENTS,
    ),
    "letter-without-permission": (
        "comments/flows/letters.py",
        'if not by.has_perm("comments.write_letter"):',
        "if False:",
        COMMENTS,
    ),
    "staff-answer-without-permission": (
        "comments/flows/replies.py",
        'if not by.has_perm("comments.moderate_comment"):',
        "if False:",
        "tests/test_guards.py",
    ),
    # Escapes.
    "words-unescaped": (
        "comments/rendering.py",
        'return "".join([*pieces, escape(text[done:])])',
        'return "".join([*pieces, text[done:]])',
        COMMENTS,
    ),
    "cover-off": (
        "comments/rendering.py",
        "([] if show_details else _covers(text, help_lines))",
        "[]",
        COMMENTS,
    ),
    "links-without-rel": ("comments/rendering.py", 'rel="ugc nofollow noopener" ', "", COMMENTS),
    # Whose form it is, and limits.
    "forwarded-by-anybody": (
        "lupussite/middleware.py",
        "        if _trusted(connection):\n",
        "        if True:\n",
        "tests/test_guards.py",
    ),
    "any-origin": ("web/posting.py", "if not is_same_origin(request):", "if False:", COMMENTS),
    "cross-site-is-ours": ("web/origin.py", 'return site in {"same-origin", "none"}', "return True", COMMENTS),
    "no-flood-limit": ("web/limits.py", "if count > most:", "if count > most * 1000:", COMMENTS),
    "one-address-is-a-network": ("web/network.py", "(parsed, 64)", "(parsed, 128)", COMMENTS),
    "tags-for-ever": ("web/network.py", 'f"{day.isoformat()}\\n{value}"', "value", COMMENTS),
    "any-secret-opens": (
        "comments/models/comment.py",
        "return is_secret_of(AUTHOR_PAGE, self.nonce, token)",
        "return len(self.token) == len(token)",
        COMMENTS,
    ),
    # Nothing lost, nothing kept.
    "withdrawn-keeps-letters": (
        "comments/flows/erasing.py",
        'Letter.objects.filter(comment__in=keys).exclude(answer="").update(answer="")',
        "pass",
        COMMENTS,
    ),
    "withdrawn-keeps-notes": (
        "comments/flows/erasing.py",
        'Report.objects.filter(comment__in=keys).exclude(note="").update(note="")',
        "pass",
        COMMENTS,
    ),
    "withdrawn-keeps-the-covered": (
        "comments/flows/erasing.py",
        'Redaction.objects.filter(comment__in=keys).exclude(original="").update(original="", destroyed_at=timezone.now())',
        "pass",
        COMMENTS,
    ),
    "withdrawn-keeps-mail": (
        "comments/flows/erasing.py",
        "Outbox.objects.filter(payload__comment__in=keys, done_at=None).delete()",
        "pass",
        COMMENTS,
    ),
    "a-failed-rule-loses-the-comment": (
        "comments/screening/__init__.py",
        '            signals.append(Signal("rule_error", detail=name))\n            continue\n',
        "            continue\n",
        "tests/test_logs.py tests/comments/test_screening.py",
    ),
    "secure-delete-off": (
        "lupussite/settings.py",
        "PRAGMA secure_delete=ON;",
        "PRAGMA secure_delete=OFF;",
        "tests/test_guards.py",
    ),
    "triggers-not-put-back": (
        "lupussite/apps.py",
        "post_migrate.connect(insert_only.put_back",
        "str(insert_only.put_back",
        "tests/test_project.py tests/comments/test_moderation.py",
    ),
    "outbox-without-lease": (
        "mail/outbox.py",
        "if not Outbox.objects.due(now).filter(pk=pk).order_by()",
        "if not Outbox.objects.filter(pk=pk).order_by()",
        COMMENTS,
    ),
    # Locks, which SQLite does not need.
    "article-not-held": (
        "comments/flows/moderation.py",
        "    Article.objects.select_for_update(no_key=True).get(pk=comment.article_id)\n",
        "",
        "tests/test_guards.py",
        POSTGRES,
    ),
    "letter-comment-not-held": (
        "comments/flows/letters.py",
        "    Comment.objects.select_for_update(no_key=True).get(pk=letter.comment_id)\n",
        "",
        "tests/test_guards.py",
        POSTGRES,
    ),
    "article-holds-up-posts": (
        "articles/taking.py",
        "Article.objects.select_for_update(no_key=True)",
        "Article.objects.select_for_update()",
        "tests/test_locks.py",
        POSTGRES,
    ),
}


def copy_of_the_code(folder: pathlib.Path) -> pathlib.Path:
    """Return a copy of what git tracks, as it is in the working tree."""
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, files):
        target = folder / name
        if (ROOT / name).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def noticed(code: pathlib.Path, tests: str, data: pathlib.Path) -> str:
    """Return the first test that fails, "" when none does; raises TimeoutExpired."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-n", "2", *tests.split()]
    run = subprocess.run(
        command, cwd=code, env=os.environ | {"DATA_DIR": str(data)}, capture_output=True, text=True, timeout=MINUTES * 60
    )
    if run.returncode == 0:
        return ""
    failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if not failed:
        raise SystemExit(f"the tests did not run: {run.stdout[-500:]}{run.stderr[-500:]}")
    return failed[0]


def main(names: list[str]) -> int:
    """Try them, and return how many survived."""
    postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        code = copy_of_the_code(pathlib.Path(folder) / "code")
        data = pathlib.Path(folder) / "data"
        for name, (file, before, after, tests, *only) in MUTATIONS.items():
            if (names and name not in names) or (POSTGRES in only) != postgres:
                continue
            path = code / file
            text = path.read_text()
            if text.count(before) != 1:
                raise SystemExit(f"{name}: what it changes stands {text.count(before)} times in {file}")
            path.write_text(text.replace(before, after))
            begun = time.monotonic()
            test = noticed(code, tests, data)
            survived += not test
            print(f"{'killed  ' if test else 'SURVIVED'} {name} ({time.monotonic() - begun:.0f} s) {test[:150]}", flush=True)
            path.write_text(text)
    print(f"{survived} survived")
    return survived


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
