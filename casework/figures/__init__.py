"""Figures: what is counted, by what, in which tables; how it is counted out of the cases."""
