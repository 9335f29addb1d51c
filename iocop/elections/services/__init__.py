"""Every write about elections: one function, one act."""
