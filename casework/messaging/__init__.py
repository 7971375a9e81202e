"""Words between the office and workers: kept, put into her language, and sent."""
