"""Disclosure control: which figures may be shown to whom, so that none points at a person. Pure."""
