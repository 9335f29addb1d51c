"""Benchmarks: measured, never timed tests. `make bench` runs them all and writes docs/benchmarks.md."""
