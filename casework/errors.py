"""The few errors of the domain. Each message says what to do next."""


class RecourseError(Exception):
    """Something a person can mend. Its text is one clear line; show it, never a stack trace."""


class SettingError(RecourseError):
    """A setting is missing or wrong."""


class NotAllowed(RecourseError):
    """This action is not open: wrong status, wrong role, or something it needs is missing."""


class BadInput(RecourseError):
    """What was typed or uploaded can't be used as it is."""
