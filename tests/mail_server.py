"""A mail server for the tests: takes mail, refuses addresses, or hangs."""

import contextlib
import socketserver
import threading
import time


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        if server.hangs:
            time.sleep(server.hangs)
            return
        self._say("220 here")
        text = None
        for line in self.rfile:
            word = line.strip().decode(errors="replace").upper()
            if text is not None:
                if word == ".":
                    server.mails.append(b"".join(text).decode())
                    text = None
                    time.sleep(server.slow)
                    self._say("250 taken")
                else:
                    text.append(line)
            elif word == "DATA":
                text = []
                self._say("354 go on")
            elif word.startswith("RCPT") and any(part.upper() in word for part in server.refused):
                self._say("550 no such mailbox")
            elif word.startswith("MAIL") and server.refuses_all:
                self._say("451 try later")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 yes")

    def _say(self, line):
        with contextlib.suppress(OSError):
            self.wfile.write(line.encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    """Keeps every mail in `mails`; addresses with a part in `refused` are not taken, none at all with `refuses_all`.

    `hangs` are the seconds before it says anything, `slow` those between taking a mail and saying so.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, port=0):
        self.mails, self.refused, self.refuses_all, self.hangs, self.slow = [], [], False, 0, 0
        super().__init__(("127.0.0.1", port), _Talk)
        self.port = self.server_address[1]


@contextlib.contextmanager
def mail_server(port=0):
    """Yield a running Server."""
    with Server(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
