"""Sealing: everything that people wrote is stored so that only the key file can open it.

AES-256-GCM. A sealed value is ``version (1 byte) | key id (4) | nonce (12) | ciphertext and tag``,
bound to its table, column and row: a value copied to another row does not open. The first key of
the ring seals, every key opens. Look-ups go through a truncated HMAC with a key of its own.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.errors import SettingError

_VERSION = 1
_HEADER = 1 + 4
_NONCE = 12


class Unsealable(Exception):
    """A sealed value does not open: wrong key, wrong place, or it was changed."""


@dataclass(frozen=True, slots=True)
class Vault:
    """A key ring. ``keys`` by id in the order of the key file; the first seals."""

    keys: dict[int, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    _ciphers: dict[int, AESGCM] = field(repr=False, compare=False)

    @classmethod
    def of(cls, keys: dict[int, bytes], index_key: bytes) -> "Vault":
        """A vault over raw 32-byte keys."""
        return cls(keys, index_key, {number: AESGCM(key) for number, key in keys.items()})

    @classmethod
    def generate(cls) -> "Vault":
        """A vault with fresh random keys."""
        number = secrets.randbelow(1 << 32)
        return cls.of({number: secrets.token_bytes(32)}, secrets.token_bytes(32))

    def seal(self, table: str, column: str, row: int, plain: bytes) -> bytes:
        """Seal bytes for one column of one row."""
        number = next(iter(self.keys))
        nonce = os.urandom(_NONCE)
        place = _place(table, column, row)
        header = bytes([_VERSION]) + number.to_bytes(4, "big")
        return header + nonce + self._ciphers[number].encrypt(nonce, plain, place)

    def open(self, table: str, column: str, row: int, sealed: bytes) -> bytes:
        """Open what ``seal`` made for the same place; ``Unsealable`` where that fails."""
        number = int.from_bytes(sealed[1:_HEADER], "big")
        cipher = self._ciphers.get(number)
        nonce, body = sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
        if not body or sealed[0] != _VERSION or cipher is None:
            raise Unsealable(f"No key opens {table}.{column} of row {row}.")
        try:
            return cipher.decrypt(nonce, body, _place(table, column, row))
        except InvalidTag:
            raise Unsealable(f"{table}.{column} of row {row} does not open.") from None

    def seal_text(self, table: str, column: str, row: int, plain: str) -> bytes:
        """``seal`` for text, half a surrogate pair from a phone included."""
        return self.seal(table, column, row, plain.encode(errors="surrogatepass"))

    def open_text(self, table: str, column: str, row: int, sealed: bytes) -> str:
        """``open`` for text."""
        return self.open(table, column, row, sealed).decode(errors="surrogatepass")

    def index(self, purpose: str, value: str) -> bytes:
        """16 bytes by which a value can be found again without being stored."""
        message = f"{purpose}\0{value}".encode(errors="surrogatepass")
        return hmac.digest(self.index_key, message, hashlib.sha256)[:16]


def _place(table: str, column: str, row: int) -> bytes:
    return f"{table}.{column}.{row}".encode()


def create_key_file(path: Path) -> Vault:
    """Write a fresh key file that only its owner may read, and return its vault."""
    vault = Vault.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {
            "seal": [{"id": n, "key": _b64(key)} for n, key in vault.keys.items()],
            "index": _b64(vault.index_key),
        },
        indent=2,
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return vault


def load_key_file(path: Path) -> Vault:
    """The vault of a key file; ``SettingError`` where it is missing or can't be read."""
    try:
        found = json.loads(path.read_text())
        keys = {int(entry["id"]): base64.b64decode(entry["key"]) for entry in found["seal"]}
        index_key = base64.b64decode(found["index"])
    except FileNotFoundError:
        raise SettingError(
            f"The key file {path} is missing. Without it nothing that people wrote can be read:"
            " put it back from your backup, or set RECOURSE_KEYS_FILE to where it is."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise SettingError(
            f"The key file {path} can't be read ({type(error).__name__}): put it back from your"
            " backup."
        ) from None
    whole = all(len(key) == 32 for key in (*keys.values(), index_key))
    if not keys or not whole or any(not 0 <= number < 1 << 32 for number in keys):
        raise SettingError(f"The key file {path} holds no usable keys: put back your backup.")
    return Vault.of(keys, index_key)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
