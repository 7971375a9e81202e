"""Tests: sentences about what the software does, run against the real parts."""
