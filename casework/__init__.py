"""What a case is and what may happen to it. Knows no chat and no web."""
