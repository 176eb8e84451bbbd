"""What `load_demo` puts into an empty database: articles from the text files beside this one, comments, accounts."""
