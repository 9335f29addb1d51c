"""Stack Exchange dumps, of both generations of schema."""
