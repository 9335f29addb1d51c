"""Counting: pure, exact, in whole numbers. Every rule takes a `Profile` and a lot order and gives an `Outcome`."""
