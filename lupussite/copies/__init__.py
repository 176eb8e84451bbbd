"""Pages that every reader gets alike, kept as bytes for as long as they are surely right, and given out before Django begins.

`front` takes a request and decides, `shelf` keeps the copies, `watch` tells whether the database changed, `coding` picks what a
browser understands. No page says what it depends on, so none can say it wrong: any write at all ends every copy within a second.
"""
