"""MediaWiki exports, schema versions 0.10 and 0.11 and their forerunners."""
