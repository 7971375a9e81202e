"""What comes in as a table: past cases and factories, read whole, checked, then applied or not."""
