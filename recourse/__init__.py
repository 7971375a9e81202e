"""The command line: what to start, and with which settings."""
