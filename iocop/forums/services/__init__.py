"""Every write of the forums: one function, one act of a member."""
