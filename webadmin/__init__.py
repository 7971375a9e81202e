"""The case tracker in a browser: for handlers, supervisors, admins and brand staff."""
