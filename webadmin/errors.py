"""Error pages: calm, and without anything of the request. The log names the route, never values."""

import sys
from pathlib import Path
from types import TracebackType

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from translations import N_
from webadmin import i18n, problems
from webadmin.i18n import gettext as _

ExcInfo = tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]

_PAGES = {
    400: (
        N_("This request could not be understood"),
        N_("Go back, reload the page and try again."),
    ),
    401: (N_("Please sign in"), N_("You are signed out. Sign in and try again.")),
    403: (
        N_("This page is not for your role"),
        N_("If you need it for your work, ask your administrator."),
    ),
    404: (
        N_("There is nothing here"),
        N_("The address may be mistyped, or you may not see what stands there."),
    ),
    405: (N_("This request could not be understood"), N_("Go back and try again.")),
    413: (N_("This is too large"), N_("The largest file that can be sent is 20 MB.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Nothing was changed. Try again; if it stays so, tell your administrator the time."),
    ),
}
_FORM_EXPIRED = (
    N_("This form has expired"),
    N_(
        "Go back, copy what you wrote, reload the page and send it again. You may have been signed"
        " out in the meantime."
    ),
)


class QuietFlask(Flask):
    """A Flask whose log never holds what people wrote: not the error's text, not the address."""

    def log_exception(self, exc_info: ExcInfo) -> None:
        error = exc_info[1] or sys.exc_info()[1]
        route = request.url_rule.rule if request.url_rule else "an unknown address"
        self.logger.error(
            "%s in %s %s (%s)", type(error).__name__, request.method, route, _place(exc_info[2])
        )


def install(app: Flask) -> None:
    """Answer errors with our own pages."""

    @app.errorhandler(CSRFError)
    def _expired(_error: CSRFError) -> tuple[str, int]:
        return page(400, *_FORM_EXPIRED)

    @app.errorhandler(HTTPException)
    def _known(error: HTTPException) -> tuple[str, int] | Response | HTTPException:
        code = error.code or 500
        if code < 400:
            return error
        if request.path == problems.PREFIX or request.path.startswith(f"{problems.PREFIX}/"):
            return problems.answer(error)
        return page(code, *_PAGES.get(code, _PAGES[400 if code < 500 else 500]))


def page(code: int, title: str, advice: str) -> tuple[str, int]:
    """An error page with its status."""
    if code >= 500:
        i18n.speak_as_asked()
    # Not render_template: what that adds to a page asks the database, which may be what failed.
    template = current_app.jinja_env.get_template("error.html")
    return template.render(title=_(title), advice=_(advice)), code


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of our own code, for who repairs it."""
    ours = Path(__file__).parent.parent
    place = "unknown"
    while traceback:
        file = Path(traceback.tb_frame.f_code.co_filename)
        if file.is_relative_to(ours) and "site-packages" not in file.parts:
            place = f"{file.relative_to(ours)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
