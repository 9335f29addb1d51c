"""`make bench-search`: how well and how quickly our search finds, beside plain Whoosh and SQLite's FTS5, in one run."""
