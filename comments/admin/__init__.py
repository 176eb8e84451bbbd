"""The moderators' desk in the Django admin, by subject: queue, every comment, what moderators set, the log of opened addresses.

Actions and buttons call `comments.flows.moderation`; a person's words are nowhere edited or deleted here.
"""

from comments.admin import comment, queue, records, requests, words

__all__ = ["comment", "queue", "records", "requests", "words"]
