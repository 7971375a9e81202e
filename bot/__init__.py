"""The conversation with a worker, with its doors: Telegram and the web chat."""
