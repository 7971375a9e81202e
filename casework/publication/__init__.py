"""Publication: figures of past periods are frozen, released to their audiences, and revised."""
