"""What granian loads: the WSGI application, in a process that dies with granian's own.

Granian's serving process would outlive a granian that is killed, and keep the port.
"""

import os
import signal
import threading

from lupussite.run.processes import end_with_parent

end_with_parent(os.getppid(), signal.SIGKILL)

from comments import screening  # noqa: E402 - first the line above
from lupussite.wsgi import application  # noqa: E402

# Reading the languages takes about a second: beside the first pages, not while the first comment waits.
threading.Thread(target=screening.prepare, daemon=True).start()

__all__ = ["application"]
