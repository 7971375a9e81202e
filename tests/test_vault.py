"""Sealing: what was sealed opens in its place with its key, and nowhere and with nothing else."""

import base64
import json
import secrets
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import SettingError
from casework.vault import Unsealable, Vault, create_key_file, load_key_file

VAULT = Vault.generate()
ROWS = st.integers(min_value=0, max_value=2**63 - 1)


@given(st.binary(max_size=2000), ROWS)
def test_what_was_sealed_opens_again(plain: bytes, row: int) -> None:
    assert VAULT.open("message", "text", row, VAULT.seal("message", "text", row, plain)) == plain


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_opens_again_even_half_an_emoji(text: str) -> None:
    assert (
        VAULT.open_text("message", "text", 7, VAULT.seal_text("message", "text", 7, text)) == text
    )


def test_half_an_emoji_can_be_looked_up() -> None:
    assert len(VAULT.index("address.web", "\ud83d")) == 16


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("message", "text", 8), ("message", "note", 7), ("case", "text", 7), ("message.t", "ext", 7)],
)
def test_a_value_moved_to_another_place_does_not_open(table: str, column: str, row: int) -> None:
    sealed = VAULT.seal("message", "text", 7, b"they hit me")
    with pytest.raises(Unsealable):
        VAULT.open(table, column, row, sealed)


@given(st.data())
def test_no_flipped_bit_opens(data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("message", "text", 7, b"they hit me"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Unsealable):
        VAULT.open("message", "text", 7, bytes(sealed))


def test_no_value_that_was_cut_off_opens() -> None:
    sealed = VAULT.seal("message", "text", 7, b"they hit me")
    for length in range(len(sealed)):
        with pytest.raises(Unsealable):
            VAULT.open("message", "text", 7, sealed[:length])


def test_the_same_words_never_look_the_same_twice() -> None:
    assert VAULT.seal("message", "text", 7, b"yes") != VAULT.seal("message", "text", 7, b"yes")


def test_after_a_new_first_key_old_values_open_and_new_ones_need_the_new_key() -> None:
    old = Vault.of({1: secrets.token_bytes(32)}, secrets.token_bytes(32))
    new = Vault.of({2: secrets.token_bytes(32), **old.keys}, old.index_key)
    before, after = old.seal("t", "c", 1, b"before"), new.seal("t", "c", 1, b"after")
    assert new.open("t", "c", 1, before) == b"before"
    assert new.open("t", "c", 1, after) == b"after"
    with pytest.raises(Unsealable):
        old.open("t", "c", 1, after)


def test_another_installation_opens_nothing_even_under_the_same_key_number() -> None:
    ours = Vault.of({1: secrets.token_bytes(32)}, secrets.token_bytes(32))
    theirs = Vault.of({1: secrets.token_bytes(32)}, secrets.token_bytes(32))
    with pytest.raises(Unsealable):
        theirs.open("t", "c", 1, ours.seal("t", "c", 1, b"secret"))


def test_a_vault_does_not_show_its_keys() -> None:
    shown = f"{VAULT!r} {VAULT}"
    for key in (*VAULT.keys.values(), VAULT.index_key):
        assert repr(key) not in shown
        assert key.hex() not in shown
        assert base64.b64encode(key).decode() not in shown


def test_an_error_does_not_show_what_was_sealed() -> None:
    sealed = VAULT.seal("message", "text", 7, b"they hit me")
    with pytest.raises(Unsealable) as caught:
        VAULT.open("message", "text", 8, sealed)
    assert "they hit me" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_index_is_stable_and_differs_by_purpose_value_and_key() -> None:
    index = VAULT.index("address.telegram", "990001")
    assert index == VAULT.index("address.telegram", "990001")
    assert len(index) == 16
    others = (
        VAULT.index("address.web", "990001"),
        VAULT.index("address.telegram", "990002"),
        Vault.generate().index("address.telegram", "990001"),
    )
    assert index not in others


# --- the key file ---------------------------------------------------------------------------


def test_a_key_file_is_for_its_owner_alone_and_loads_again(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keys.json"
    made = create_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    loaded = load_key_file(path)
    assert loaded.open("t", "c", 1, made.seal("t", "c", 1, b"x")) == b"x"
    assert loaded.index("p", "v") == made.index("p", "v")


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        create_key_file(path)
    assert path.read_bytes() == before


def test_the_order_of_the_key_file_says_which_key_seals(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    found = json.loads(path.read_text())
    fresh = {"id": 5, "key": base64.b64encode(secrets.token_bytes(32)).decode()}
    path.write_text(json.dumps({**found, "seal": [fresh, *found["seal"]]}))
    sealed = load_key_file(path).seal("t", "c", 1, b"x")
    assert int.from_bytes(sealed[1:5], "big") == 5


def test_a_missing_key_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="is missing") as caught:
        load_key_file(tmp_path / "keys.json")
    assert "\n" not in str(caught.value)
    assert "RECOURSE_KEYS_FILE" in str(caught.value)


KEY = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"seal": []}',
        b'{"seal": 5, "index": ""}',
        json.dumps({"seal": [], "index": KEY}).encode(),
        json.dumps({"seal": [{"id": 1, "key": KEY}]}).encode(),
        json.dumps({"seal": [{"id": 1, "key": KEY}], "index": None}).encode(),
        json.dumps({"seal": [{"id": 1, "key": KEY[:20]}], "index": KEY}).encode(),
        json.dumps({"seal": [{"id": 1, "key": KEY}], "index": KEY[:20]}).encode(),
        json.dumps({"seal": [{"id": 1 << 32, "key": KEY}], "index": KEY}).encode(),
        json.dumps({"seal": [{"id": -1, "key": KEY}], "index": KEY}).encode(),
        json.dumps({"seal": [{"id": float("inf"), "key": KEY}], "index": KEY}).encode(),
        json.dumps({"seal": [{"id": "one", "key": KEY}], "index": KEY}).encode(),
        json.dumps({"seal": [{"id": 1, "key": "ü"}], "index": KEY}).encode(),
    ],
)
def test_a_garbled_key_file_is_told_in_one_line_without_its_content(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    with pytest.raises(SettingError, match=r"keys\.json") as caught:
        load_key_file(path)
    assert "\n" not in str(caught.value)
    assert KEY[:20] not in str(caught.value)


def test_a_folder_in_place_of_the_key_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="can't be read"):
        load_key_file(tmp_path)
