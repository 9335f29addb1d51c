"""Markdown and foreign HTML become safe HTML, plain text, quotations and diffs.

This file stays empty of imports: the formatting process loads the package without the site.
"""
