"""The repertoire's reads; one module a kind of page."""
