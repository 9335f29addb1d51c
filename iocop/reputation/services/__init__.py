"""Every write of standing, ladders and asking."""
