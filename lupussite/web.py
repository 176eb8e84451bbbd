"""What granian loads: the WSGI application, in a process that dies with granian's own.

Granian's serving process would outlive a granian that is killed, and keep the port.
"""

import os
import signal

from lupussite.processes import end_with_parent

end_with_parent(os.getppid(), signal.SIGKILL)

from lupussite.wsgi import application  # noqa: E402 - first the line above

__all__ = ["application"]
