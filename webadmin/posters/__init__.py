"""Posters: the sheet that hangs in a factory and tells workers where and how to complain."""
