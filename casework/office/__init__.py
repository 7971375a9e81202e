"""The office: its people, their absences, and what they are told by page and by mail."""
