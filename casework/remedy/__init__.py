"""Remedy: plans of actions, the factory's side, what is owed and paid, and who verifies it."""
