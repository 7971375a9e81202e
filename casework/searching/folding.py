"""Text as it is compared: without case, accents and punctuation."""

import unicodedata


def plain(text: str) -> str:
    """Letters, digits and vowel signs of a text in one form, all else as single spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    letters = (c if _in_word(c) else " " for c in folded if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFC", "".join(letters)).split())


def _in_word(char: str) -> bool:
    # The vowel signs of Burmese, Khmer and their kin are marks, and as much of a word as letters.
    return char.isalnum() or unicodedata.category(char) in ("Mc", "Mn")
