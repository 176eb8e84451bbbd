"""Threads for what nobody should wait behind."""

import os
import sys
import threading

# How far, and the last place there is; a process that was started far back can't go further.
STEP, LAST = 10, 19


def step_back() -> None:
    """Let what other threads do for readers go first; to be called by a thread about itself, and there is no way back.

    On Linux each thread has its own place in the queue for a processor.
    """
    if sys.platform == "linux":
        own = os.PRIO_PROCESS, threading.get_native_id()
        os.setpriority(*own, min(os.getpriority(*own) + STEP, LAST))
