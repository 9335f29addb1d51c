"""What an import of a wiki decides: pure."""
