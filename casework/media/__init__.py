"""What workers send besides words: pictures, recordings and other files, cleaned and sealed."""
