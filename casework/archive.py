"""A file sealed with a passphrase, for who has no key of ours: written and opened as a stream.

The format is described in docs/case-archive.md, so that it can be opened without this program.
"""

import re
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from casework.errors import BadInput
from casework.references import ALPHABET

MAGIC = b"RCCASE1\n"
CHUNK = 64 * 1024
_TAG = 16
_SALT = 16
_COST, _BLOCK, _PARALLEL = 15, 8, 1
"""Scrypt: 2^15 rounds of 8 blocks, 32 MB. A passphrase of ours is beyond guessing at any cost; this is
for whoever types one of their own."""
_DEAREST = 20
"""A file that asks for more rounds than 2^20 is none of ours."""
_GROUPS, _LETTERS = 6, 4


def new_passphrase() -> str:
    """A passphrase such as ``7K3M-9Q2T-XH4W-RN5C-2VJP-8YTF``: 108 bits, readable aloud."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def parse_passphrase(text: str) -> str | None:
    """One of ours in what somebody typed, in any case, with or without dashes; ``None``: it is none."""
    plain = re.sub(r"[\s-]", "", text).upper()
    if len(plain) != _GROUPS * _LETTERS or any(letter not in ALPHABET for letter in plain):
        return None
    return "-".join(plain[at : at + _LETTERS] for at in range(0, len(plain), _LETTERS))


class Sealer:
    """Write into it, then ``close`` it: what was written stands sealed in ``out``."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = secrets.token_bytes(_SALT)
        self._header = MAGIC + bytes([_COST, _BLOCK, _PARALLEL]) + salt
        self._cipher = AESGCM(_key(passphrase, salt, _COST, _BLOCK, _PARALLEL))
        self._out, self._waiting, self._number = out, bytearray(), 0
        out.write(self._header)

    def write(self, plain: bytes) -> int:
        """Take some more; how much it was."""
        self._waiting += plain
        # The newest piece stays here: it may turn out to be the last, which is sealed as such.
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(plain)

    def flush(self) -> None:
        """Nothing to do: what does not fill a piece has to wait."""

    def close(self) -> None:
        """Seal the last piece. Without it nobody can open the file."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._out.write(self._cipher.encrypt(nonce, plain, self._header))
        self._number += 1


def opened(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """The pieces of what was sealed, in order. ``BadInput`` where the passphrase is wrong, or a
    piece was changed, moved, or is missing: then nothing of it may be used."""
    header = file.read(len(MAGIC) + 3 + _SALT)
    if not header.startswith(MAGIC) or len(header) < len(MAGIC) + 3 + _SALT:
        raise BadInput("This is no case that was handed over by Recourse.")
    cost, block, parallel = header[len(MAGIC) : len(MAGIC) + 3]
    if cost > _DEAREST or block > 16 or parallel > 4 or not cost * block * parallel:
        raise BadInput("This is no case that was handed over by Recourse.")
    salt = header[len(MAGIC) + 3 :]
    cipher = AESGCM(_key(parse_passphrase(passphrase) or passphrase, salt, cost, block, parallel))
    number, sealed = 0, file.read(CHUNK + _TAG)
    while True:
        following = file.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, header)
        except InvalidTag:
            raise BadInput(
                "The file does not open: the passphrase is wrong, or the file was changed or cut"
                " off on its way."
            ) from None
        if not following:
            return
        number, sealed = number + 1, following


def _key(passphrase: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=1 << cost, r=block, p=parallel).derive(
        passphrase.encode()
    )


def _nonce(number: int, *, last: bool) -> bytes:
    """The place of a piece; the key is used for one file only."""
    return number.to_bytes(11, "big") + bytes([last])
