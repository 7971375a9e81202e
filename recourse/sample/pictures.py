"""Small files that sample workers send: a payslip, an exit behind boxes, a voice note's tone.

They are drawn here and go through the same inspection as a real file.
"""

import io
import math
import struct
import wave
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from casework.media import files
from casework.vocabulary import MediaKind

_INK, _PAPER, _RULE = (38, 40, 46), (250, 248, 240), (170, 166, 154)
_RATE = 8000
_NOTES = (392, 440, 494, 440, 392)


@cache
def sample_file(name: str, variant: int = 0) -> files.Clean:
    """The file of a name (``payslip``, ``exit``, ``voice``), inspected and cleaned."""
    match name:
        case "payslip":
            found = files.inspect(_payslip(variant), MediaKind.PHOTO)
        case "exit":
            found = files.inspect(_exit(), MediaKind.PHOTO)
        case "voice":
            found = files.inspect(_voice(), MediaKind.VOICE)
        case _:
            raise ValueError(name)
    assert isinstance(found, files.Clean), found
    return found


def _payslip(variant: int) -> bytes:
    basic, overtime, fine = 4_800_000 - 150_000 * variant, 310_000, 120_000 + 40_000 * variant
    rows = (
        ("PAY SLIP  /  PRACTICE", ""),
        ("Worker no.", "0000"),
        ("Basic pay, 26 days", f"{basic:,}"),
        (f"Overtime, {18 + variant} h", f"{overtime:,}"),
        ("Attendance bonus", "0"),
        ("Other deductions", f"-{fine:,}"),
        ("Paid out", f"{basic + overtime - fine:,}"),
    )
    image = Image.new("RGB", (620, 90 + 58 * len(rows)), _PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    for number, (label, amount) in enumerate(rows):
        y = 40 + 58 * number
        draw.text((40, y), label, _INK, font)
        draw.text((580, y), amount, _INK, font, anchor="ra")
        draw.line((40, y + 44, 580, y + 44), _RULE, 2)
    draw.ellipse((440, 322, 598, 372), outline=(190, 40, 40), width=3)
    return _png(image)


def _exit() -> bytes:
    image = Image.new("RGB", (620, 460), (196, 194, 186))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 390, 620, 460), fill=(120, 116, 108))
    draw.rectangle((210, 90, 410, 390), fill=(146, 152, 160), outline=_INK, width=4)
    draw.line((310, 90, 310, 390), _INK, 3)
    draw.rectangle((240, 30, 380, 76), fill=(26, 122, 64))
    draw.text((310, 53), "EXIT", (245, 250, 245), ImageFont.load_default(30), anchor="mm")
    for link in range(7):
        draw.ellipse((262 + 14 * link, 228, 284 + 14 * link, 244), outline=(60, 60, 60), width=4)
    draw.rectangle((296, 240, 326, 276), fill=(168, 132, 40), outline=_INK, width=3)
    for x, y, size in ((150, 300, 100), (236, 330, 80), (330, 286, 120), (170, 226, 80)):
        box = (x, y, x + size, y + min(size, 420 - y))
        draw.rectangle(box, fill=(176, 138, 92), outline=(112, 84, 52), width=3)
        draw.line((x, y + 24, x + size, y + 24), (140, 106, 66), 6)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _voice() -> bytes:
    """Three seconds of a soft tone that rises and falls: nobody's voice."""
    samples = []
    length = _RATE * 3
    for n in range(length):
        note = _NOTES[n * len(_NOTES) // length]
        fade = min(1.0, n / 400, (length - n) / 400)
        samples.append(int(7000 * fade * math.sin(2 * math.pi * note * n / _RATE)))
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(struct.pack(f"<{length}h", *samples))
    return out.getvalue()
