"""An export of WordPress (WXR, XML of any size and any quality) -> articles, pages, comments, and a report that adds up.

Four steps: `reading` makes records of the file, `shelf` keeps them on disk in a table of this run alone, `content` makes an
article's parts of a post's text (pure), `bringing` writes what is not here yet. `report` says in words what became of each item.
Pages that a browser saved come the same way: `saved_pages` makes the records.
"""
