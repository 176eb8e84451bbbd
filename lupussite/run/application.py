"""What granian loads: the WSGI application, in a process that dies with granian's own.

Granian's serving process would outlive a granian that is killed, and keep the port.
"""

import os
import signal

from lupussite.run.processes import end_with_parent, say_ready

end_with_parent(os.getppid(), signal.SIGKILL)

from comments import screening  # noqa: E402 - first the line above
from lupussite.wsgi import application, warm_up  # noqa: E402

# A process takes its first request when both are done: what is read at the first comment, and what the first page makes.
screening.prepare()
warm_up()
say_ready()

__all__ = ["application"]
