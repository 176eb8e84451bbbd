from django.db import migrations

# What people wrote; all else an event says by itself. What nobody erased, the retention did.
TYPED = """(
    kind IN ('decided', 'noted', 'escalated', 'raised', 'returned', 'revealed') OR (kind = 'erased' AND actor_id IS NOT NULL)
) AND detail <> ''"""
# Notes about a comment that is gone have gone with it; the reason for erasing it or for viewing the address has not.
KEPT = """kind IN ('revealed', 'erased') OR comment_id IN (
    SELECT id FROM comments_comment WHERE state NOT IN ('withdrawn', 'erased')
)"""


def open_the_log(schema_editor):
    """Take away the triggers that refuse to change an event, of whatever version; they are put back after every migrate."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            cursor.execute("SELECT name, '' FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'comments_commentevent'")
        else:
            cursor.execute(
                "SELECT tgname, ' ON comments_commentevent' FROM pg_trigger"
                " WHERE tgrelid = 'comments_commentevent'::regclass AND NOT tgisinternal"
            )
        for name, on in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"{on}')


def move_out(apps, schema_editor):
    """Put what people wrote into its own table, and take it out of the events."""
    open_the_log(schema_editor)
    with schema_editor.connection.cursor() as cursor:
        typed = f"SELECT id, detail FROM comments_commentevent WHERE ({TYPED}) AND ({KEPT})"  # noqa: S608 - made of constants
        cursor.execute(f"INSERT INTO comments_eventnote (event_id, text) {typed}")
        cursor.execute(f"UPDATE comments_commentevent SET detail = '' WHERE {TYPED}")  # noqa: S608 - the same


def move_back(apps, schema_editor):
    """Put it back into the events."""
    open_the_log(schema_editor)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE comments_commentevent SET detail = (SELECT text FROM comments_eventnote WHERE event_id = comments_commentevent.id)"
            " WHERE id IN (SELECT event_id FROM comments_eventnote)"
        )
        cursor.execute("DELETE FROM comments_eventnote")


class Migration(migrations.Migration):
    dependencies = [("comments", "0014_notes_of_their_own")]

    operations = [migrations.RunPython(move_out, move_back)]
