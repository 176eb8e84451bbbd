"""How the log is written: where and of which kind an error is, never a value, and no path that is somebody's secret."""

import logging
import pathlib
import traceback


class WithoutValues(logging.Formatter):
    """Prints an exception as kind, database code and frames, without its text: that may hold what a person typed."""

    def formatException(self, ei):
        """Return one line for the error and one for each that it came from, the last one first.

        SQLSTATE comes from psycopg (`sqlstate`), SQLite's code from Python (`sqlite_errorname`, since 3.11); both name a kind of
        error and hold no value.
        """
        error, lines, seen = ei[1], [], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
            frames = [
                f"{pathlib.PurePath(frame.f_code.co_filename).name}:{line} {frame.f_code.co_name}"
                for frame, line in traceback.walk_tb(error.__traceback__)
            ]
            kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
            lines.append("  " + " ".join(filter(None, [kind, code, "at" if frames else "", " > ".join(frames)])))
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


class WithoutPath(logging.Filter):
    """Takes the path out of Django's request errors: the last part of an author's page is a secret."""

    def filter(self, record):
        """Keep the record, its traceback included, and say the status instead of the path."""
        record.msg, record.args = f"answered {getattr(record, 'status_code', 500)}", ()
        return True
