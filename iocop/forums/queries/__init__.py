"""Reads of the forums: `topic` for one topic's page, `listing` for lists of topics."""
