"""Readers who ask again as soon as they have their answer: requests per second over connections that stay open."""

import re
import selectors
import socket
import time

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Reader:
    """One connection that asks for the same page again and again."""

    def __init__(self, port: int, request: bytes):
        self.request = request
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ask()

    def ask(self) -> None:
        """Send the request."""
        self.begun, self.got, self.whole = time.perf_counter(), b"", None
        self.socket.sendall(self.request)

    def take(self) -> bool:
        """Read what is there; return whether the answer is complete. Ends the program for any status but 200."""
        piece = self.socket.recv(262144)
        if not piece:
            raise SystemExit("the server closed a connection")
        self.got += piece
        if self.whole is None and b"\r\n\r\n" in self.got:
            head, _, _ = self.got.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(head.decode())
            self.whole = len(head) + 4 + int(LENGTH.search(head + b"\r\n")[1])
        return self.whole is not None and len(self.got) >= self.whole


def ask_again(port: int, path: str, *, seconds: float, connections: int = 8, headers: str = "") -> list[float]:
    """Return the seconds that each answer took, of all readers together, in that time."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
    took = []
    with selectors.DefaultSelector() as selector:
        readers = [Reader(port, request) for _ in range(connections)]
        for reader in readers:
            selector.register(reader.socket, selectors.EVENT_READ, reader)
        until = time.perf_counter() + seconds
        while (now := time.perf_counter()) < until:
            for key, _ in selector.select(1):
                if key.data.take():
                    took.append(now - key.data.begun)
                    key.data.ask()
        for reader in readers:
            reader.socket.close()
    return took
