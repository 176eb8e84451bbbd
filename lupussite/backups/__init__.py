"""Copies of everything that would be missed: the database and the pictures. Keys are never in them, sessions neither.

`archive` says what a file of a backup looks like, `making` writes one while the site runs, `keeping` says which old ones go,
`restoring` brings one back into an empty place, with the outbox asleep.
"""
