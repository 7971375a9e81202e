"""``poster``: a factory's poster as one file, to be printed anywhere."""

import argparse
import sys
from pathlib import Path

from casework import facts, places
from casework.config import Settings
from casework.deadlines import policing
from casework.errors import BadInput
from recourse.parsing import Commands
from recourse.setup import open_store
from webadmin.posters import sheet, words


def add_to(commands: Commands) -> None:
    """Declare the command of this room."""
    poster = commands.add_parser(
        "poster",
        help="write a factory's poster, to be printed",
        description="Write the poster of a factory as one HTML file that needs no other and no"
        " network: open it in any browser and print it, in colour or not. It carries the code, a"
        " square that leads a phone's camera to the bot and to the web chat, and what a worker may"
        " count on.",
    )
    poster.add_argument("code", metavar="FACTORY-CODE", help="`recourse factory list` shows them")
    poster.add_argument(
        "--lang",
        metavar="TAG",
        action="append",
        help="a language, for example my; up to three: --lang my --lang th, or --lang my,th"
        " (default: the language of the factory's country)",
    )
    poster.add_argument(
        "--paper", choices=sheet.PAPERS, default=sheet.PAPERS[0], help="a4 (default) or a3"
    )
    poster.add_argument("--out", metavar="FILE.html", type=Path, required=True, help="the file")
    poster.add_argument(
        "--bot",
        metavar="NAME",
        help="the user name of the Telegram bot, without @ (default: the one that ran here last)",
    )
    poster.set_defaults(run=_poster)


def _poster(settings: Settings, options: argparse.Namespace) -> int:
    with open_store(settings).reading() as session:
        factory = places.by_code(session, options.code)
        if factory is None:
            raise BadInput(
                f"There is no factory with the code {options.code}: `recourse factory list` shows"
                " them all."
            )
        bot = facts.bot_name(session) if options.bot is None else options.bot.removeprefix("@")
        tags = [tag for given in options.lang or () for tag in given.lower().split(",") if tag]
        made = sheet.make(
            factory,
            settings,
            bot,
            policing.current(session),
            tags=tags or [words.usual(factory.country)],
            paper=options.paper,
        )
        page = sheet.as_file(made)
    try:
        options.out.write_text(page, "utf-8")
    except OSError as error:
        raise BadInput(f"{options.out} can't be written ({error.strerror}).") from None
    print(f"Written: {options.out}")
    _warn(made)
    return 0


def _warn(made: sheet.Poster) -> None:
    """What somebody must know before it is printed; not a part of the output."""
    if not made.doors.telegram:
        print(
            "It leads to the web chat only: no Telegram bot has run here yet. Start it once, or"
            " name it with --bot.",
            file=sys.stderr,
        )
    if made.doors.only_here:
        print(
            "Do not print it yet: its web address works on this machine only. Set"
            " RECOURSE_PUBLIC_URL."
            if made.doors.web
            else "The web chat is left out: RECOURSE_PUBLIC_URL names no address that workers can"
            " open.",
            file=sys.stderr,
        )
