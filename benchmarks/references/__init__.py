"""The bots that ours is measured against: what one would write first, each in one short file."""
