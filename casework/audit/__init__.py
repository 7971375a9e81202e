"""Proof: the chain of events of each case, its daily anchor, and who read what."""
