"""The case tracker in a browser: for handlers, supervisors, admins and brand staff."""

from webadmin.app import create_app

__all__ = ["create_app"]
