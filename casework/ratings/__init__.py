"""The rating of a brand: what the tracker proves, what people attest, reviews and judgements."""
