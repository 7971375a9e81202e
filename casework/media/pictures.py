"""Draws a picture anew: the pixels survive, upright; metadata and anything hidden do not."""

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps

MAX_PIXELS = 20_000_000
"""Pixels decoded at most, so that one picture takes at most about 120 MB for a moment."""

MAX_PIXELS_HALVED = 64_000_000
"""Pixels of a JPEG that can be decoded at half its width and height (phones of 48 and 64 MP)."""

_turn = threading.Lock()
"""One picture at a time, so that many sent at once take no more memory than one."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_HALVING = ("JPEG", "MPO")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew, as JPEG or PNG."""

    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class TooManyPixels:
    """It would take too much memory to decode."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """It cannot be decoded to its end."""


def redraw(data: bytes) -> Picture | TooManyPixels | Damaged:
    """Decode a JPEG, PNG, WebP or GIF and encode its pixels anew.

    The orientation in its EXIF is applied first. Of an animation the first frame is kept. PNG stays
    PNG (screenshots keep their sharp letters); everything else becomes JPEG, or PNG where
    something shows through.
    """
    try:
        with _turn, Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            was_png = image.format == "PNG"
            if not _fits(image):
                return TooManyPixels()
            image.seek(0)
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            return _encode(image, was_png)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TooManyPixels()
    except Exception:  # noqa: BLE001 - a hostile file makes a decoder raise whatever it likes
        return Damaged()


def _fits(image: Image.Image) -> bool:
    """Whether it may be decoded; asks the JPEG decoder for half the size where that is needed."""
    pixels = image.width * image.height
    if pixels <= MAX_PIXELS:
        return True
    # A progressive JPEG is held whole in memory whatever size is asked for.
    halves = image.format in _HALVING and "progressive" not in image.info
    if not halves or pixels > MAX_PIXELS_HALVED:
        return False
    image.draft(None, (image.width // 2, image.height // 2))
    return image.width * image.height <= MAX_PIXELS


def _encode(image: Image.Image, as_png: bool) -> Picture:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    drawn = image if image.mode == mode else image.convert(mode)
    # The encoders would carry comments and colour profiles over from here.
    drawn.info = {}
    out = io.BytesIO()
    if as_png or drawn.mode == "RGBA":
        drawn.save(out, "PNG")
        return Picture(out.getvalue(), "image/png")
    drawn.save(out, "JPEG", quality=90)
    return Picture(out.getvalue(), "image/jpeg")
