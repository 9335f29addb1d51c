"""Reads about elections, by what a page or a policy asks."""
