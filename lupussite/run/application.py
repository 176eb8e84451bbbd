"""What granian loads: the WSGI application, in a process that dies with granian's own.

Granian's serving process would outlive a granian that is killed, and keep the port.
"""

import os
import signal
import sys

from lupussite.run.processes import await_database, end_with_parent, say_ready

end_with_parent(os.getppid(), signal.SIGKILL)
await_database()

from comments import screening  # noqa: E402 - first the lines above
from lupussite.wsgi import application, warm_up  # noqa: E402

# Seconds. A copy is given in a tenth of a millisecond, and is not to wait five of them for a thread that makes a page.
sys.setswitchinterval(0.0005)
# A process takes its first request when all is there that the first comment and the first page would wait for.
screening.prepare()
warm_up()
say_ready()

__all__ = ["application"]
