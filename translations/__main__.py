"""The catalogs from the command line: ``./run catalogs`` updates them, ``./run`` compiles them."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from babel import UnknownLocaleError

from translations.checks import problems
from translations.compiling import BrokenCatalog, compile_all
from translations.extraction import extract
from translations.loading import DOMAINS
from translations.update import ROOT, add, outdated, update


def main() -> None:
    """Do what the command line asks; exits with one clear line on an error."""
    parser = argparse.ArgumentParser(prog="python -m translations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("compile", help="make the .mo of every catalog that changed")
    updating = commands.add_parser(
        "update",
        prog="./run catalogs",
        description="Take new sentences from the code into the catalogs, and say what is missing.",
    )
    updating.add_argument("tags", nargs="*", metavar="TAG", help="begin a catalog in this language")
    updating.add_argument(
        "--domain",
        choices=DOMAINS,
        default="bot",
        help="whose catalog to begin: what workers read (bot, the default) or staff (webadmin)",
    )
    updating.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 if anything is wrong"
    )
    arguments = parser.parse_args()
    if arguments.command == "compile":
        _compile()
    else:
        _update(arguments, updating)


def _compile() -> None:
    try:
        compile_all(ROOT / "translations")
    except BrokenCatalog as error:
        raise SystemExit(str(error)) from error


def _update(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    for tag in arguments.tags:
        try:
            print(f"begun: {_name(add(tag, arguments.domain))}")
        except (UnknownLocaleError, ValueError) as error:
            parser.error(f"no catalog for {tag!r}: {error}")
    if arguments.check:
        wrong = [f"{_name(path)}: not in step with the code" for path in outdated()]
    else:
        wrong = []
        for path in update():
            print(f"updated: {_name(path)}")
    wrong += _problems()
    print("\n".join(wrong) or "Every catalog is complete.")
    if arguments.check and wrong:
        raise SystemExit(1)


def _problems() -> Iterator[str]:
    for domain in DOMAINS:
        template = extract(ROOT, domain)
        for path in sorted(ROOT.glob(f"translations/*/LC_MESSAGES/{domain}.po")):
            for problem in problems(path, template):
                yield f"{_name(path)}: {problem}"


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
