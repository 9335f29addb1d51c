"""The pages of standing: why, whom to ask, what looked irregular."""
