"""Search in the site's own PostgreSQL: what was written is found in the transaction that says how far was read."""
