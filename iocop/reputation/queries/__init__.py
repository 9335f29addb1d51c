"""Reads of standing that deserve a name."""
