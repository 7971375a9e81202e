"""What of a file a worker sends is kept, and what is refused."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from casework.media import pictures
from casework.media.files import MAX_BYTES, MAX_PARTS, Clean, Refusal, Refused, inspect
from casework.vocabulary import MediaKind

PLACE = b"+11.5564+104.9282/"


def kept(data: bytes, claimed: MediaKind = MediaKind.DOCUMENT) -> Clean:
    result = inspect(data, claimed)
    assert isinstance(result, Clean), result
    return result


def why(data: bytes, claimed: MediaKind = MediaKind.DOCUMENT) -> Refusal:
    result = inspect(data, claimed)
    assert isinstance(result, Refused), result
    return result.why


def drawn(image: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def opened(clean: Clean) -> Image.Image:
    return Image.open(io.BytesIO(clean.data))


def a_photo(width: int = 64, height: int = 32) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def a_film(brand: bytes = b"isom", tags: bytes = b"") -> bytes:
    moov = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", box(b"tkhd", bytes(20))) + tags)
    return box(b"ftyp", brand + bytes(4)) + moov + box(b"mdat", b"the pictures")


def an_archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


OGG = b"OggS\0\x02" + bytes(22) + b"OpusHead\x01\x01" + bytes(200)
MP3 = b"\xff\xfb\x90\x00" + bytes(400)
WAV = b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(60)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(100)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


# --- pictures ---


def test_the_place_a_photo_was_taken_at_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (11.0, 33.0, 23.0), 3: "E", 4: (104.0, 55.0, 41.0)})
    taken = drawn(a_photo(), exif=exif, comment=b"taken by Thiri", icc_profile=b"profile of Thiri")
    assert Image.open(io.BytesIO(taken)).getexif().get_ifd(0x8825)

    clean = kept(taken, MediaKind.PHOTO)

    assert (clean.mime, clean.suffix, clean.kind) == ("image/jpeg", ".jpg", MediaKind.PHOTO)
    assert not dict(opened(clean).getexif())
    assert {"exif", "comment", "icc_profile"}.isdisjoint(opened(clean).info)
    for secret in (b"PhoneMaker", b"Thiri", b"Exif"):
        assert secret not in clean.data


def test_a_screenshot_stays_sharp_and_loses_what_was_written_beside_it() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "Thiri")
    picture = a_photo()
    clean = kept(drawn(picture, "PNG", pnginfo=notes), MediaKind.PHOTO)

    assert clean.mime == "image/png"
    assert opened(clean).tobytes() == picture.tobytes()
    assert b"Thiri" not in clean.data


def test_a_photo_is_turned_upright_before_its_orientation_is_forgotten() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = kept(drawn(a_photo(64, 32), exif=exif), MediaKind.PHOTO)
    assert opened(clean).size == (32, 64)


def test_of_an_animation_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    moving = drawn(frames[0], "GIF", save_all=True, append_images=frames[1:])
    clean = kept(moving, MediaKind.PHOTO)

    assert getattr(opened(clean), "n_frames", 1) == 1
    red, _, blue = opened(clean).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_webp_with_something_showing_through_becomes_a_png() -> None:
    clean = kept(drawn(Image.new("RGBA", (8, 8), (255, 0, 0, 100)), "WEBP"), MediaKind.PHOTO)
    assert clean.mime == "image/png"


def test_a_picture_in_printers_colours_is_kept() -> None:
    assert kept(drawn(Image.new("CMYK", (8, 8)), "JPEG"), MediaKind.PHOTO).mime == "image/jpeg"


def test_what_hides_behind_the_last_pixel_is_gone() -> None:
    clean = kept(drawn(a_photo()) + b"<script>alert(1)</script>", MediaKind.PHOTO)
    assert b"script" not in clean.data


def test_a_photo_sent_as_a_file_is_cleaned_like_any_photo() -> None:
    assert kept(drawn(a_photo()), MediaKind.DOCUMENT).kind is MediaKind.PHOTO


def test_a_page_renamed_to_a_photo_is_refused() -> None:
    assert why(b"<html><script>alert(1)</script></html>", MediaKind.PHOTO) is Refusal.NOT_ALLOWED


def test_a_page_with_a_photos_first_bytes_is_refused() -> None:
    assert why(b"\xff\xd8\xff\xe0<html><script>1</script>", MediaKind.PHOTO) is Refusal.DAMAGED


def test_a_drawing_that_can_carry_a_script_is_refused() -> None:
    assert why(b'<svg xmlns="http://www.w3.org/2000/svg"/>') is Refusal.NOT_ALLOWED


@pytest.mark.parametrize("kind", ("JPEG", "PNG", "WEBP", "GIF"))
def test_a_picture_cut_short_is_refused(kind: str) -> None:
    whole = drawn(a_photo(200, 200), kind)
    assert why(whole[: len(whole) // 2], MediaKind.PHOTO) is Refusal.DAMAGED


@pytest.mark.parametrize("side", (5_000, 12_000, 60_000))
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(side: int) -> None:
    assert why(a_png_that_claims(side, side), MediaKind.PHOTO) is Refusal.TOO_MANY_PIXELS


def test_a_photo_of_a_camera_with_many_pixels_is_kept_at_half_its_size() -> None:
    clean = kept(drawn(Image.new("RGB", (6000, 4000), "gray")), MediaKind.PHOTO)
    assert opened(clean).size == (3000, 2000)


def test_a_progressive_photo_with_too_many_pixels_is_refused() -> None:
    big = drawn(Image.new("L", (6000, 4000)), progressive=True)
    assert why(big, MediaKind.PHOTO) is Refusal.TOO_MANY_PIXELS
    assert pictures.MAX_PIXELS < 6000 * 4000


@pytest.mark.parametrize("brand", (b"heic", b"mif1", b"avif"))
def test_a_format_of_newer_phones_is_refused_by_its_own_reason(brand: bytes) -> None:
    assert why(box(b"ftyp", brand + bytes(12)), MediaKind.PHOTO) is Refusal.PHONE_FORMAT


# --- sound and film ---


@pytest.mark.parametrize(
    ("data", "mime"),
    (
        (OGG, "audio/ogg"),
        (MP3, "audio/mpeg"),
        (WAV, "audio/wav"),
        (WEBM, "audio/webm"),
        (b"#!AMR\n" + bytes(50), "audio/amr"),
        (b"\xff\xf1\x50\x80" + bytes(50), "audio/aac"),
        (a_film(b"M4A "), "audio/mp4"),
        (a_film(b"isom"), "audio/mp4"),
        (a_film(b"3gp4"), "audio/3gpp"),
    ),
)
def test_a_recording_is_kept_as_what_it_is(data: bytes, mime: str) -> None:
    clean = kept(data, MediaKind.VOICE)
    assert (clean.mime, clean.kind, clean.data) == (mime, MediaKind.VOICE, data)


@pytest.mark.parametrize(
    ("data", "mime", "inline"),
    (
        (a_film(b"isom"), "video/mp4", True),
        (a_film(b"mp42"), "video/mp4", True),
        (a_film(b"3gp5"), "video/3gpp", False),
        (a_film(b"qt  "), "video/quicktime", False),
        (WEBM, "video/webm", True),
    ),
)
def test_a_film_is_kept_and_shown_where_browsers_can(data: bytes, mime: str, inline: bool) -> None:
    clean = kept(data, MediaKind.VIDEO)
    assert (clean.mime, clean.inline, clean.kind) == (mime, inline, MediaKind.VIDEO)


def test_the_place_a_film_was_taken_at_is_gone_and_nothing_else_moves() -> None:
    tags = box(b"udta", box(b"\xa9xyz", PLACE)) + box(b"meta", b"location.ISO6709" + PLACE)
    film = a_film(b"qt  ", tags) + box(b"uuid", b"xmp" + PLACE)

    clean = kept(film, MediaKind.VIDEO)

    assert PLACE not in clean.data
    assert b"ISO6709" not in clean.data
    assert len(clean.data) == len(film)
    assert clean.data.index(b"the pictures") == film.index(b"the pictures")


def test_a_film_cut_short_is_refused() -> None:
    assert why(a_film()[:-4], MediaKind.VIDEO) is Refusal.DAMAGED


def test_boxes_nested_without_end_are_refused() -> None:
    nested = b""
    for _ in range(2000):
        nested = box(b"moov", nested)
    assert why(box(b"ftyp", b"isom" + bytes(4)) + nested, MediaKind.VIDEO) is Refusal.DAMAGED


def test_who_sang_an_mp3_is_gone() -> None:
    first = b"ID3\x04\0\0\0\0\0\x05Thiri"
    last = b"TAG" + b"Thiri".ljust(125, b"\0")
    assert kept(first + first + MP3 + last, MediaKind.VOICE).data == MP3


def test_a_recording_that_is_only_tags_is_refused() -> None:
    assert why(b"ID3\x04\0\0\0\0\0\x05Thiri", MediaKind.VOICE) is Refusal.DAMAGED


def test_an_ogg_that_is_not_sound_is_refused() -> None:
    assert why(b"OggS" + b"\x80theora" + bytes(100), MediaKind.VOICE) is Refusal.NOT_ALLOWED


# --- documents ---


@pytest.mark.parametrize(
    ("data", "suffix"),
    (
        (PDF, ".pdf"),
        (an_archive("[Content_Types].xml", "word/document.xml"), ".docx"),
        (an_archive("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        ("လစာမရသေးပါ\nBMW\t3".encode(), ".txt"),
        (b"BM is how this text begins", ".txt"),
    ),
)
def test_a_document_may_only_be_downloaded(data: bytes, suffix: str) -> None:
    clean = kept(data)
    assert (clean.suffix, clean.inline, clean.data) == (suffix, False, data)


@pytest.mark.parametrize(
    "data",
    (
        b"MZ" + bytes(300),
        b"\x7fELF" + bytes(300),
        b"#!/bin/sh\x00\x01",
        b"\xff\xfe\x00\x01",
        an_archive("a.txt"),
        an_archive("mimetype", "content.xml"),
        b"<?php system('id');",
        b"M4A " + bytes(100),
    ),
)
def test_whatever_is_not_on_the_list_is_refused(data: bytes) -> None:
    assert why(data) is Refusal.NOT_ALLOWED


def test_a_document_with_macros_is_refused() -> None:
    armed = an_archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
    assert why(armed) is Refusal.MACROS


def test_an_archive_cut_short_is_refused() -> None:
    assert why(an_archive("[Content_Types].xml", "word/document.xml")[:-30]) is Refusal.DAMAGED


def test_a_document_of_endless_parts_is_refused() -> None:
    assert why(b"PK\x03\x04" + b"PK\x01\x02" * (MAX_PARTS + 1)) is Refusal.TOO_BIG


# --- any file ---


def test_an_empty_file_is_refused() -> None:
    assert why(b"") is Refusal.EMPTY


def test_a_file_over_the_limit_is_refused() -> None:
    assert why(PDF + bytes(MAX_BYTES)) is Refusal.TOO_BIG


@pytest.mark.parametrize("claimed", (MediaKind.VOICE, MediaKind.PHOTO, MediaKind.VIDEO))
def test_a_file_that_is_another_kind_than_it_was_sent_as_is_refused(claimed: MediaKind) -> None:
    assert why(PDF, claimed) is Refusal.OTHER_KIND


SEEDS = [OGG, MP3, WAV, WEBM, PDF, a_film(), drawn(a_photo()), drawn(a_photo(), "PNG")]


@given(st.sampled_from(SEEDS), st.data(), st.sampled_from(MediaKind))
def test_no_damage_to_a_file_makes_the_check_fail(
    seed: bytes, damage: st.DataObject, claimed: MediaKind
) -> None:
    hurt = bytearray(seed)
    spots = st.tuples(st.integers(0, len(seed) - 1), st.integers(0, 255))
    for place, value in damage.draw(st.lists(spots, max_size=8)):
        hurt[place] = value
    assert isinstance(inspect(bytes(hurt), claimed), Clean | Refused)
