"""What the site costs: measured, never timed in tests."""
