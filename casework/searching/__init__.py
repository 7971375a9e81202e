"""Finding cases: lists, filters and words."""
