"""Wikitext becomes our Markdown. Runs in a process of its own, which can be killed; it knows nothing of the site."""
