"""The Bot API stand-in behaves as Telegram does, seen by python-telegram-bot."""

import asyncio
import io
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram import ReplyKeyboardMarkup as Keyboard
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError

from bot.request import AiohttpRequest
from tests.botapi import BotApi, Phone


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as running:
        yield running


@pytest.fixture
def thiri(api: BotApi) -> Phone:
    return api.phone("my", first_name="Thiri", last_name="Aung", username="thiri_a")


@pytest.fixture
def known(thiri: Phone) -> Phone:
    thiri.start()
    return thiri


T = TypeVar("T")


def run(api: BotApi, does: Callable[[Bot], Awaitable[T]]) -> T:
    """Run one thing with python-telegram-bot against the stand-in."""

    async def main() -> T:
        async with AiohttpRequest() as client, AiohttpRequest() as polling:
            return await does(
                Bot(
                    api.token,
                    base_url=f"{api.url}/bot",
                    base_file_url=f"{api.url}/file/bot",
                    request=client,
                    get_updates_request=polling,
                )
            )

    return asyncio.run(main())


def refused(api: BotApi, does: Callable[[Bot], Awaitable[object]]) -> str:
    """What Telegram says against it."""
    with pytest.raises(BadRequest) as raised:
        run(api, does)
    return str(raised.value)


def taken(api: BotApi, offset: int = 0, limit: int = 100) -> tuple[Update, ...]:
    return run(api, lambda bot: bot.get_updates(offset=offset, limit=limit))


def buttons(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=f"v:{text}")] for text in labels]
    )


def raw(url: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, object]:
    """A request by hand: status and answer."""
    asking = urllib.request.Request(url, body, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(asking) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


# --- who is there ---


def test_the_bot_learns_its_name(api: BotApi) -> None:
    me = run(api, lambda bot: bot.get_me())
    assert (me.is_bot, me.username) == (True, "recourse_test_bot")


def test_a_wrong_token_is_unauthorized_and_a_malformed_one_not_found(api: BotApi) -> None:
    wrong = raw(f"{api.url}/bot{'1234567:' + 'x' * 35}/getMe")
    assert wrong == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
    assert raw(f"{api.url}/botx/getMe")[0] == 404
    assert raw(f"{api.url}/elsewhere")[0] == 404


def test_a_method_that_does_not_exist_is_not_found(api: BotApi) -> None:
    assert raw(f"{api.url}/bot{api.token}/sendTelegram")[0] == 404


def test_parameters_arrive_as_json_as_a_form_and_in_the_address(api: BotApi, known: Phone) -> None:
    send = f"{api.url}/bot{api.token}/sendMessage"
    params = {"chat_id": str(known.id), "text": "ok & ok"}
    form = urllib.parse.urlencode(params)
    assert raw(send, json.dumps(params).encode())[0] == 200
    assert raw(send, form.encode(), "application/x-www-form-urlencoded")[0] == 200
    assert raw(f"{send}?{form}", b"", "text/plain")[0] == 200
    assert [m.text for m in known.messages] == ["ok & ok"] * 3


# --- what a phone sends ---


def test_a_deep_link_arrives_as_a_start_command(api: BotApi, thiri: Phone) -> None:
    thiri.start("F-KH01")
    (update,) = taken(api)
    assert update.message
    assert update.message.from_user
    assert update.message.text == "/start F-KH01"
    assert update.message.from_user.language_code == "my"
    assert update.message.chat.username == "thiri_a"
    assert list(update.message.parse_entities(["bot_command"]).values()) == ["/start"]


def test_everything_a_phone_can_send_is_understood_by_the_library(
    api: BotApi, thiri: Phone
) -> None:
    thiri.send("text", reply_to=thiri.send("first"))
    thiri.voice(b"OggS")
    thiri.audio(b"ID3")
    thiri.photo(b"jpeg", "caption", album="7")
    thiri.document(b"%PDF", "slip.pdf", caption="my slip")
    thiri.video(b"mp4")
    thiri.video_note(b"mp4")
    thiri.sticker()
    thiri.location()
    thiri.contact()
    thiri.poll()
    thiri.edit(thiri.sent[1], "better text")
    messages = [u.effective_message for u in taken(api)]
    assert all(messages)
    first, text, voice, audio, photo, document, video, note, sticker, place, who, poll, edit = (
        m for m in messages if m
    )
    assert first.text == "first"
    assert text.reply_to_message
    assert text.reply_to_message.text == "first"
    assert voice.voice
    assert voice.voice.mime_type == "audio/ogg"
    assert audio.audio
    assert len(photo.photo) == 2
    assert (photo.caption, photo.media_group_id) == ("caption", "7")
    assert document.document
    assert document.document.file_name == "slip.pdf"
    assert document.caption == "my slip"
    assert video.video
    assert note.video_note
    assert sticker.sticker
    assert place.location
    assert who.contact
    assert poll.poll
    assert edit.edit_date
    assert (edit.message_id, edit.text) == (text.message_id, "better text")


def test_the_last_size_of_a_photo_is_the_one_she_took(api: BotApi, thiri: Phone) -> None:
    thiri.photo(b"the picture she took")
    (update,) = taken(api)
    assert update.message

    async def fetch(bot: Bot) -> bytes:
        assert update.message
        file = await bot.get_file(update.message.photo[-1].file_id)
        return bytes(await file.download_as_bytearray())

    assert run(api, fetch) == b"the picture she took"


def test_a_file_over_twenty_megabytes_is_not_handed_over(api: BotApi, thiri: Phone) -> None:
    sent = thiri.document(size=30_000_000)
    told = refused(api, lambda bot: bot.get_file(sent.json["document"]["file_id"]))
    assert told == "File is too big"


def test_an_unknown_file_is_refused(api: BotApi) -> None:
    assert "wrong file_id" in refused(api, lambda bot: bot.get_file("nothing")).lower()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{api.url}/file/bot{api.token}/voice/none.oga")


# --- the queue ---


def test_an_update_comes_again_until_its_successor_is_asked_for(api: BotApi, thiri: Phone) -> None:
    thiri.send("one")
    thiri.send("two")
    first, second = taken(api)
    assert second.update_id == first.update_id + 1
    assert taken(api) == (first, second)
    assert taken(api, limit=1) == (first,)
    assert taken(api, second.update_id) == (second,)
    assert api.updates_pending == 1
    assert taken(api, second.update_id + 1) == ()
    api.wait_idle()


def test_a_negative_offset_asks_for_the_last_ones_and_forgets_the_rest(
    api: BotApi, thiri: Phone
) -> None:
    for n in range(4):
        thiri.send(str(n))
    assert [u.message.text for u in taken(api, -1) if u.message] == ["3"]
    assert api.updates_pending == 1


def test_a_long_poll_waits_for_the_next_update(api: BotApi, thiri: Phone) -> None:
    async def main(bot: Bot) -> tuple[Update, ...]:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.to_thread(api.wait_until, lambda: api.updates._poller == 1)
        await asyncio.to_thread(thiri.send, "late")
        return await poll

    assert [u.message.text for u in run(api, main) if u.message] == ["late"]


def test_a_long_poll_ends_empty_when_its_time_is_over(api: BotApi) -> None:
    assert raw(f"{api.url}/bot{api.token}/getUpdates?timeout=0.02") == (
        200,
        {"ok": True, "result": []},
    )


def test_the_older_of_two_polls_ends_with_a_conflict(api: BotApi, thiri: Phone) -> None:
    async def main(bot: Bot) -> None:
        older = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.to_thread(api.wait_until, lambda: api.updates._poller == 1)
        thiri_writes = asyncio.create_task(bot.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await older
        await asyncio.to_thread(thiri.send, "hello")
        assert len(await thiri_writes) == 1

    run(api, main)


def test_kinds_of_update_not_asked_for_do_not_come(api: BotApi, known: Phone) -> None:
    run(api, lambda bot: bot.get_updates(offset=-1, allowed_updates=["message"]))
    known.block()
    known.unblock()
    known.send("hello")
    kinds = [[k for k in u.to_dict() if k != "update_id"] for u in taken(api)]
    assert kinds == [["message"], ["message"]]


def test_confirmed_updates_can_come_once_more(api: BotApi, thiri: Phone) -> None:
    thiri.send("one")
    thiri.send("two")
    first, second = taken(api)
    assert taken(api, second.update_id + 1) == ()
    assert api.redeliver(1) == 1
    thiri.send("three")
    again, third = taken(api, second.update_id + 1)
    assert (again, third.update_id) == (second, second.update_id + 1)
    assert taken(api, third.update_id + 1) == ()
    assert api.redeliver() == 3
    assert len(taken(api, third.update_id + 1)) == 3
    assert first.update_id < third.update_id


def test_what_was_not_confirmed_outlives_an_outage(api: BotApi, thiri: Phone) -> None:
    thiri.send("before")
    address = api.url
    api.stop()
    with pytest.raises(NetworkError):
        taken(api)
    thiri.send("during")
    api.start()
    assert api.url == address
    assert [u.message.text for u in taken(api) if u.message] == ["before", "during"]


def test_an_outage_cuts_a_long_poll_short(api: BotApi) -> None:
    async def main(bot: Bot) -> None:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.to_thread(api.wait_until, lambda: api.updates._poller == 1)
        await asyncio.to_thread(api.stop)
        with pytest.raises(NetworkError):
            await poll

    run(api, main)


def test_a_busy_port_is_an_error(api: BotApi) -> None:
    with pytest.raises(OSError, match="in use"):
        BotApi(port=int(api.url.rpartition(":")[2])).start()


# --- what the bot sends ---


def test_a_message_reaches_the_phone_with_its_buttons(api: BotApi, known: Phone) -> None:
    sent = run(
        api, lambda bot: bot.send_message(known.id, "Choose", reply_markup=buttons("A", "B"))
    )
    message = known.answer()
    assert (message.id, message.text, message.labels) == (sent.message_id, "Choose", ["A", "B"])
    assert known.wait_for(1) is message
    assert known.wait_for("Choo") is message
    assert known.last is message
    assert sent.reply_markup == buttons("A", "B")


def test_a_press_arrives_with_its_message_and_turns_until_answered(
    api: BotApi, known: Phone
) -> None:
    run(api, lambda bot: bot.send_message(known.id, "Choose", reply_markup=buttons("Yes", "No")))
    known.press("No")
    *_, update = taken(api)
    query = update.callback_query
    assert query
    assert query.message
    assert (query.data, query.message.message_id) == ("v:No", known.last.id)
    assert known.spinning
    run(api, lambda bot: bot.answer_callback_query(query.id, "noted"))
    assert (known.spinning, known.toasts) == (False, ["noted"])
    assert (
        "query is too old" in refused(api, lambda bot: bot.answer_callback_query(query.id)).lower()
    )


def test_a_press_waits_for_the_answer_that_has_the_button(api: BotApi, known: Phone) -> None:
    run(api, lambda bot: bot.send_message(known.id, "First", reply_markup=buttons("Skip")))
    known.send("words")
    with pytest.raises(TimeoutError, match="First"):
        known.press("Skip", timeout=0.01)
    pressing = threading.Thread(target=known.press, args=("Skip",))
    pressing.start()
    run(api, lambda bot: bot.send_message(known.id, "Second", reply_markup=buttons("Skip")))
    pressing.join()
    *_, update = taken(api)
    assert update.callback_query
    assert update.callback_query.message
    assert update.callback_query.message.message_id == known.last.id


def test_an_old_button_can_be_pressed_even_after_it_was_taken_away(
    api: BotApi, known: Phone
) -> None:
    old = run(api, lambda bot: bot.send_message(known.id, "Old", reply_markup=buttons("Go")))
    run(api, lambda bot: bot.edit_message_reply_markup(known.id, old.message_id))
    assert not known.last.buttons
    known.press("Go", message=known.messages[0])
    *_, update = taken(api)
    assert update.callback_query
    assert update.callback_query.data == "v:Go"


def test_a_button_that_is_nowhere_is_an_error_with_the_whole_chat(
    api: BotApi, known: Phone
) -> None:
    run(api, lambda bot: bot.send_message(known.id, "Choose", reply_markup=buttons("A")))
    with pytest.raises(TimeoutError, match=r"→ .*'/start'\n← .*'Choose' \[A\|v:A\]"):
        known.press("C", timeout=0.01)
    with pytest.raises(AssertionError):
        known.find("C")
    assert known.find("A") is known.last


def test_a_reply_keyboard_sends_its_label(api: BotApi, known: Phone) -> None:
    markup = Keyboard([["My cases", "Help"]])
    run(api, lambda bot: bot.send_message(known.id, "Menu", reply_markup=markup))
    known.press("Help")
    *_, update = taken(api)
    assert update.message
    assert update.message.text == "Help"


def test_an_edit_changes_what_stands_on_the_screen(api: BotApi, known: Phone) -> None:
    sent = run(api, lambda bot: bot.send_message(known.id, "Old", reply_markup=buttons("A")))

    def edit(bot: Bot) -> Awaitable[object]:
        return bot.edit_message_text("New", known.id, sent.message_id)

    run(api, edit)
    message = known.answer()
    assert (message.text, message.buttons, message.edits) == ("New", [], 1)
    assert "message is not modified" in refused(api, edit).lower()
    assert (
        "message to edit not found"
        in refused(api, lambda bot: bot.edit_message_text("New", known.id, 1)).lower()
    )
    assert "can't be edited" in refused(
        api, lambda bot: bot.edit_message_text("New", known.id, known.sent[0].id)
    )


def test_deleted_messages_are_gone_from_both_sides(api: BotApi, known: Phone) -> None:
    for n in range(3):
        run(api, partial(Bot.send_message, chat_id=known.id, text=str(n)))
    first, second, third = known.messages
    run(api, lambda bot: bot.delete_message(known.id, second.id))
    assert [m.deleted for m in known.messages] == [False, True, False]
    run(api, lambda bot: bot.delete_messages(known.id, [first.id, second.id, known.sent[0].id]))
    assert known.last is third
    assert known.sent[0].deleted
    assert "delete not found" in refused(api, lambda bot: bot.delete_message(known.id, first.id))
    api.now = lambda: third.json["date"] + 49 * 3600
    assert "can't be deleted" in refused(api, lambda bot: bot.delete_message(known.id, third.id))


@pytest.mark.parametrize(
    ("text", "words"),
    (
        ("", "message text is empty"),
        ("  \n", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ),
)
def test_a_text_of_a_wrong_length_is_refused(
    api: BotApi, known: Phone, text: str, words: str
) -> None:
    assert words in refused(api, lambda bot: bot.send_message(known.id, text)).lower()
    assert not known.messages


def test_the_longest_text_is_sent(api: BotApi, known: Phone) -> None:
    run(api, lambda bot: bot.send_message(known.id, "မ" * 4096))
    assert len(known.last.text) == 4096


@pytest.mark.parametrize(
    ("markup", "words"),
    (
        ({"inline_keyboard": [[{"text": "A", "callback_data": "x" * 65}]]}, "BUTTON_DATA_INVALID"),
        ({"inline_keyboard": [[{"text": "A", "callback_data": "မ" * 22}]]}, "BUTTON_DATA_INVALID"),
        ({"inline_keyboard": [[{"text": "A", "callback_data": ""}]]}, "Text buttons are unallowed"),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "a"}]]}, "BUTTON_TEXT_INVALID"),
        ({"inline_keyboard": [[{"callback_data": "a"}]]}, 'Can\'t find field "text"'),
        ({"inline_keyboard": [[{"text": 1, "callback_data": "a"}]]}, "must be of type String"),
        ({"inline_keyboard": [{"text": "A", "callback_data": "a"}]}, "Array of Arrays"),
        ({"inline_keyboard": [["A"]]}, "an object expected"),
        ({"inline_keyboard": [[{"text": "A", "url": "x", "pay": True}]]}, "more than one action"),
        ({"inline_keyboard": [[{"text": "A", "url": "file:///etc"}]]}, "Unsupported URL protocol"),
        ({"inline_keyboard": [[{"text": "A", "callback_data": "a"}]] * 101}, "too long"),
        ({"keyboard": [[""]]}, "BUTTON_TEXT_INVALID"),
        ({"buttons": []}, "object expected as reply markup"),
        ([], "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
    ),
)
def test_buttons_telegram_would_refuse_are_refused(
    api: BotApi, known: Phone, markup: object, words: str
) -> None:
    body = json.dumps({"chat_id": known.id, "text": "Choose", "reply_markup": markup}).encode()
    status, answer = raw(f"{api.url}/bot{api.token}/sendMessage", body)
    assert status == 400
    assert isinstance(answer, dict)
    assert words in answer["description"]
    assert not known.messages


def test_marked_up_text_is_shown_plain_and_broken_markup_refused(api: BotApi, known: Phone) -> None:
    run(api, lambda bot: bot.send_message(known.id, "<b>Due</b> &lt;3 &amp; on", "HTML"))
    assert known.last.text == "Due <3 & on"
    for broken in ("<b>open", "a < b", "</b>", "<b><i></b></i>", "<script>x</script>"):
        send = partial(Bot.send_message, chat_id=known.id, text=broken, parse_mode="HTML")
        told = refused(api, send)
        assert "can't parse entities" in told.lower()


def test_files_reach_the_phone_and_can_be_sent_again_by_their_id(
    api: BotApi, known: Phone, tmp_path: Path
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    on_disk = tmp_path / "slip.pdf"
    on_disk.write_bytes(b"%PDF of the slip")
    run(api, lambda bot: bot.send_photo(known.id, picture.getvalue(), caption="look"))
    assert (known.last.file, known.last.text) == (picture.getvalue(), "look")
    voice = run(api, lambda bot: bot.send_voice(known.id, b"OggS", reply_markup=buttons("A")))
    assert (known.last.file, known.last.labels) == (b"OggS", ["A"])
    assert voice.voice
    file_id = voice.voice.file_id
    run(api, lambda bot: bot.send_voice(known.id, file_id))
    assert known.last.file == b"OggS"
    run(api, lambda bot: bot.send_document(known.id, on_disk))
    assert known.last.file == b"%PDF of the slip"
    run(api, lambda bot: bot.send_audio(known.id, b"ID3"))
    run(api, lambda bot: bot.send_video(known.id, b"mp4"))
    assert [m.method for m in known.messages][-2:] == ["sendAudio", "sendVideo"]


def test_files_telegram_would_refuse_are_refused(api: BotApi, known: Phone) -> None:
    assert (
        "IMAGE_PROCESS_FAILED".lower()
        in refused(api, lambda bot: bot.send_photo(known.id, b"no picture")).lower()
    )
    assert (
        "wrong file identifier"
        in refused(api, lambda bot: bot.send_voice(known.id, "nothing")).lower()
    )
    assert "non-empty" in refused(api, lambda bot: bot.send_document(known.id, b""))
    assert "caption is too long" in refused(
        api, lambda bot: bot.send_voice(known.id, b"OggS", caption="x" * 1025)
    )


def test_a_reply_names_what_it_answers(api: BotApi, known: Phone) -> None:
    to = known.sent[0].id
    sent = run(api, lambda bot: bot.send_message(known.id, "hello", reply_to_message_id=to))
    assert sent.reply_to_message
    assert sent.reply_to_message.message_id == to
    assert "replied not found" in refused(
        api, lambda bot: bot.send_message(known.id, "hello", reply_to_message_id=1)
    )


def test_settings_of_the_bot_are_kept_by_language(api: BotApi) -> None:
    async def settings(bot: Bot) -> str:
        await bot.set_my_commands([("help", "Help")], language_code="my")
        await bot.set_my_name("Recourse")
        await bot.set_my_description("What this is", language_code="vi")
        await bot.set_my_short_description("short")
        await bot.set_chat_menu_button()
        assert [c.command for c in await bot.get_my_commands(language_code="my")] == ["help"]
        return (await bot.get_my_description("vi")).description

    assert run(api, settings) == "What this is"
    assert api.profile["name", ""] == "Recourse"
    assert (
        "COMMAND_INVALID" in refused(api, lambda bot: bot.set_my_commands([("Help", "x")])).upper()
    )
    assert "too long" in refused(api, lambda bot: bot.set_my_name("x" * 65))


# --- who may be written to ---


def test_nobody_is_written_to_who_has_not_written_first(api: BotApi, thiri: Phone) -> None:
    assert refused(api, lambda bot: bot.send_message(thiri.id, "hello")) == "Chat not found"
    assert refused(api, lambda bot: bot.send_message("@nobody", "hello")) == "Chat not found"
    thiri.send("hi")
    run(api, lambda bot: bot.send_message(thiri.id, "hello"))


def test_whoever_blocked_the_bot_is_not_reached_until_she_lets_it_in_again(
    api: BotApi, known: Phone
) -> None:
    known.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        run(api, lambda bot: bot.send_message(known.id, "hello"))
    known.unblock()
    run(api, lambda bot: bot.send_chat_action(known.id, "typing"))
    run(api, lambda bot: bot.send_message(known.id, "hello"))
    blocked, unblocked = (u.my_chat_member for u in taken(api)[1:])
    assert blocked
    assert unblocked
    assert (blocked.old_chat_member.status, blocked.new_chat_member.status) == ("member", "kicked")
    assert unblocked.new_chat_member.status == "member"


def test_a_group_can_add_the_bot_and_the_bot_can_leave(api: BotApi, known: Phone) -> None:
    group = api.group()
    with pytest.raises(Forbidden, match="not a member of the supergroup"):
        run(api, lambda bot: bot.send_message(group.id, "hello"))
    group.add_bot(by=known)
    group.send(known, "/start@recourse_test_bot")
    run(api, lambda bot: bot.send_message(group.id, "write me alone"))
    assert group.answer().text == "write me alone"
    run(api, lambda bot: bot.leave_chat(group.id))
    assert not group.has_bot
    group.add_bot(by=known)
    group.remove_bot(by=known)
    kinds = [u.effective_chat and u.effective_chat.type for u in taken(api)]
    assert kinds == ["private"] + ["supergroup"] * 6
    assert "private chats" in refused(api, lambda bot: bot.leave_chat(known.id))


def test_a_channel_posts_without_a_sender(api: BotApi, known: Phone) -> None:
    channel = api.channel()
    channel.add_bot(by=known)
    channel.post("news")
    *_, joined, post = taken(api)
    assert joined.my_chat_member
    assert joined.my_chat_member.new_chat_member.status == "administrator"
    assert post.channel_post
    assert (post.channel_post.text, post.effective_user) == ("news", None)


# --- faults ---


def test_a_fault_strikes_as_often_as_asked(api: BotApi, known: Phone) -> None:
    api.fail_next("sendMessage", 500, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            run(api, lambda bot: bot.send_message(known.id, "hello"))
    run(api, lambda bot: bot.send_message(known.id, "hello"))
    assert [c.status for c in api.called("sendMessage", chat_id=known.id)] == [500, 500, 200]
    api.fail_next("*", 500, times=9)
    api.no_more_faults()
    run(api, lambda bot: bot.get_me())


def test_an_answer_can_be_lost_after_the_message_was_sent(api: BotApi, known: Phone) -> None:
    api.drop_connection("sendMessage", after=True)
    with pytest.raises(NetworkError):
        run(api, lambda bot: bot.send_message(known.id, "hello"))
    assert [m.text for m in known.messages] == ["hello"]
    assert api.calls[-1].status == 0


def test_a_phone_can_answer_by_itself(api: BotApi, known: Phone) -> None:
    known.on_message = lambda message: known.press("Yes", message=message)
    run(api, lambda bot: bot.send_message(known.id, "Sure?", reply_markup=buttons("Yes")))
    *_, update = taken(api)
    assert update.callback_query


def test_waiting_for_what_does_not_come_fails_with_what_was_said(api: BotApi, known: Phone) -> None:
    run(api, lambda bot: bot.send_message(known.id, "something else"))
    with pytest.raises(TimeoutError, match="something else"):
        known.wait_for("filed", 0.01)
    with pytest.raises(TimeoutError, match="sendMessage → 200"):
        api.wait_until(lambda: False, 0.01)
    known.send("again")
    with pytest.raises(TimeoutError):
        known.wait_for("something", 0.01)
    assert known.wait_for("something", since=0) is known.last


# --- webhook ---


class Hook:
    """A bot's end of a webhook. ``answers`` are the statuses it gives, then 200."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.got: list[tuple[str, dict[str, object]]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                secret = self.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
                hook.got.append((secret, json.loads(body)))
                self.send_response(hook.answers.pop(0) if hook.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Keep the tests' output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def hook(api: BotApi) -> Iterator[Hook]:
    listening = Hook(500, 403)
    yield listening
    api.stop()
    listening.close()


def test_a_webhook_gets_each_update_until_it_takes_it(
    api: BotApi, thiri: Phone, hook: Hook
) -> None:
    run(api, lambda bot: bot.set_webhook(hook.url, secret_token="s3cret_-"))
    thiri.send("one")
    thiri.send("two")
    api.wait_idle()
    assert {secret for secret, _ in hook.got} == {"s3cret_-"}
    texts = [Update.de_json(update).message for _, update in hook.got]
    assert [m.text for m in texts if m] == ["one", "one", "one", "two"]
    assert [status for _, status in api.webhook.deliveries] == [500, 403, 200, 200]
    info = run(api, lambda bot: bot.get_webhook_info())
    assert (info.url, info.pending_update_count) == (hook.url, 0)
    assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"


def test_a_webhook_and_a_poll_exclude_each_other(api: BotApi, thiri: Phone, hook: Hook) -> None:
    run(api, lambda bot: bot.set_webhook(hook.url))
    with pytest.raises(Conflict, match="webhook is active"):
        taken(api)
    run(api, lambda bot: bot.delete_webhook(drop_pending_updates=True))
    thiri.send("hello")
    assert len(taken(api)) == 1


def test_a_webhook_that_was_away_gets_what_it_missed_and_what_is_sent_again(
    api: BotApi, thiri: Phone
) -> None:
    hook = Hook()
    hook.close()
    port = int(hook.url.split(":")[2].split("/")[0])
    run(api, lambda bot: bot.set_webhook(hook.url))
    thiri.send("one")
    api.wait_until(lambda: (500_000_001, 0) in api.webhook.deliveries)
    assert api.updates_pending == 1
    assert port
    here = Hook()
    run(api, lambda bot: bot.set_webhook(here.url))
    api.wait_idle()
    assert api.redeliver() == 1
    api.wait_idle()
    assert len(here.got) == 2
    api.stop()
    here.close()


def test_webhooks_telegram_would_refuse_are_refused(api: BotApi) -> None:
    assert "https url must be provided" in refused(
        api, lambda bot: bot.set_webhook("http://example.org/hook")
    )
    assert "unallowed characters" in refused(
        api, lambda bot: bot.set_webhook("https://example.org/", secret_token="a b")
    )
