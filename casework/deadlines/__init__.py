"""Deadlines: what a policy promises, when it is due, and what a sweep does about it."""
