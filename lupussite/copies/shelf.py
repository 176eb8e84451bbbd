"""The copies of one process, within a number of bytes; what was asked for least lately goes first."""

import collections
import dataclasses
import threading

from lupussite.copies import coding

# Of what Python needs to keep a copy besides its bytes.
OVERHEAD = 4096


@dataclasses.dataclass
class Copy:
    """An answer as bytes. `started` is when its making began (seconds, monotonic); `token` what the watch said then.

    `day` is the span of wall clock seconds from one midnight to the next in which it was made; `round` counts the posts that
    this process had taken.
    """

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str = ""
    started: float = 0.0
    token: object = None
    day: tuple[float, float] = (0.0, 0.0)
    round: int = 0
    variants: dict[str, tuple[list[tuple[str, str]], bytes]] = dataclasses.field(default_factory=dict)

    def variant(self, name: str) -> tuple[list[tuple[str, str]], bytes]:
        """Return headers and bytes in that coding, "" for plain; made when first asked for."""
        if len(self.body) < coding.SHORTEST:
            name = ""
        if name not in self.variants:
            body = coding.coded(self.body, name) if name else self.body
            headers = [*self.headers, ("Content-Length", str(len(body)))]
            if name:
                headers.append(("Content-Encoding", name))
            if self.etag:
                # Not byte for byte the same in each coding, so it is a weak one there.
                headers.append(("ETag", f"W/{self.etag}" if name else self.etag))
            self.variants[name] = (headers, body)
        return self.variants[name]

    @property
    def size(self) -> int:
        """The bytes it takes, or will take when every coding was asked for."""
        return OVERHEAD + 2 * len(self.body)


class Shelf:
    """Copies by their key, at most so many bytes of them; safe to use from several threads."""

    def __init__(self, most: int):
        self.most, self.size = most, 0
        self.copies: collections.OrderedDict[tuple, Copy] = collections.OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: tuple) -> Copy | None:
        """Return the copy, whether it is still right or not."""
        with self.lock:
            if key in self.copies:
                self.copies.move_to_end(key)
                return self.copies[key]
        return None

    def put(self, key: tuple, copy: Copy) -> None:
        """Keep a copy in the place of one begun before it; one that would take a quarter of the room is not kept."""
        with self.lock:
            if key in self.copies:
                if self.copies[key].started > copy.started:
                    return
                self.size -= self.copies.pop(key).size
            if copy.size > self.most // 4:
                return
            self.copies[key] = copy
            self.size += copy.size
            while self.size > self.most:
                self.size -= self.copies.popitem(last=False)[1].size
