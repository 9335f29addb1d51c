"""Search on Whoosh: embedded, nothing to install, one indexing process."""
