"""Whether the site is well: what `manage.py doctor`, its page in the admin and `/healthz?full` say.

`machine` looks at the computer and the folders, `running` at what has to go on all the time, `outside` at what others see;
`examination` asks all of them.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Finding:
    """One line: what was looked at, whether it is well, and what was found, with what to do about it."""

    name: str
    well: bool
    words: str
    look: str = ""  # The function that found it.
