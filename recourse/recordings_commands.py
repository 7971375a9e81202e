"""``recordings``: what is to be recorded, as a script; and a folder of recordings, read in."""

import argparse
import csv
import json
import sys
from collections import Counter
from pathlib import Path

from casework.config import Settings
from casework.errors import BadInput
from casework.media import recordings
from casework.media.files import Clean
from recourse.parsing import Commands
from recourse.setup import open_store
from recourse.wallclock import wall_clock
from translations import languages
from translations.sentences import by_key, spoken

_PASSED_OVER = (".csv", ".json", ".txt", ".md")
"""What lies beside the sounds: the script they were read from, somebody's notes."""


def add_to(commands: Commands) -> None:
    """Declare the commands of this room."""
    recorded = commands.add_parser(
        "recordings", help="the bot's sentences, recorded for who reads little"
    ).add_subparsers(dest="recordings", metavar="COMMAND", required=True)
    script = recorded.add_parser(
        "list",
        help="write the script: what to record",
        description="Write every sentence of the conversation with its key, in English and in the"
        " language, and whether it is recorded. Sentences come first, then the words on buttons,"
        " which are heard only where a message repeats them. Words in square brackets are not"
        " read out: the bot writes a number, a date or a name there.",
    )
    _add_language(script)
    script.add_argument(
        "--format", choices=("csv", "json"), default="csv", help="csv (default) or json"
    )
    script.set_defaults(run=_list)
    reading = recorded.add_parser(
        "import",
        help="read recordings from a folder",
        description="Read recordings from a folder. Each file is called after the key of its"
        " sentence, for example 3f2a91c04b7e.ogg, and is an OGG (Opus), MP3 or M4A file of at most"
        " 1 MB. What is right is kept, instead of the recording there was; what is wrong is named.",
    )
    reading.add_argument("folder", metavar="FOLDER", type=Path)
    _add_language(reading)
    reading.set_defaults(run=_import)


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", required=True, metavar="TAG", help="for example my")


def _list(settings: Settings, options: argparse.Namespace) -> int:
    tag = _language(options.language)
    with open_store(settings).reading() as session:
        recorded = recordings.of_language(session, tag)
    rows = [
        {
            "key": one.key,
            "english": one.english,
            "sentence": one.said_in(tag),
            "recorded": "yes" if one.key in recorded else "no",
        }
        for one in sorted(spoken(), key=lambda sentence: sentence.is_label)
    ]
    if options.format == "json":
        rows_with_truth = [{**row, "recorded": row["recorded"] == "yes"} for row in rows]
        print(json.dumps(rows_with_truth, ensure_ascii=False, indent=2))
    else:
        writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return 0


def _import(settings: Settings, options: argparse.Namespace) -> int:
    tag, store, now = _language(options.language), open_store(settings), wall_clock()
    good, wrong = _read(options.folder)
    with store.writing() as session:
        for key, sound in good.items():
            wording = by_key()[key].wording_in(tag)
            recordings.put(session, tag, key, sound, wording=wording, by=None, now=now)
    for name, why in wrong.items():
        print(f"{name}: {why}")
    print(f"Recordings imported: {len(good)}.")
    if wrong:
        raise BadInput(
            "Files that were not imported: %(wrong)d. They are named above.", wrong=len(wrong)
        )
    return 0


def _language(tag: str) -> str:
    if tag not in languages("bot"):
        known = ", ".join(languages("bot"))
        raise BadInput(
            "The bot does not speak %(tag)s. Choose one of: %(known)s.", tag=repr(tag), known=known
        )
    return tag


def _read(folder: Path) -> tuple[dict[str, Clean], dict[str, str]]:
    """What can be used, by its key; and of each other file what is wrong with it."""
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise BadInput(f"{folder} can't be read ({error.strerror}).") from None
    files = [path for path in found if path.suffix.lower() not in _PASSED_OVER]
    times = Counter(path.stem.lower() for path in files)
    good: dict[str, Clean] = {}
    wrong: dict[str, str] = {}
    for path in files:
        key = path.stem.lower()
        try:
            if key not in by_key():
                raise BadInput("No sentence has this key. `recourse recordings list` names them.")
            if times[key] > 1:
                raise BadInput("Several files have this key. Keep one of them.")
            good[key] = recordings.check(_content(path))
        except BadInput as error:
            wrong[path.name] = str(error)
    return good, wrong


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(recordings.MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"The file can't be read ({error.strerror}).") from None
