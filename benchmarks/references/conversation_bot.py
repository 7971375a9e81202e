"""What the storing reference bots share: six questions in a ConversationHandler, one save at each."""

import os
from collections.abc import Callable

from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

QUESTIONS = ("Who are you?", "Where?", "What about?", "Danger?", "What happened?", "Send it?")
"""Asked with plain words and no buttons: one call of the Bot API for each step."""
Save = Callable[[int, int, str], None]
"""Stores a worker's words: chat, step, text. Committed to disk on return."""


def run(save: Save) -> None:
    """Poll and ask, for ever."""

    async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> int:
        assert update.message
        save(update.message.chat_id, -1, "")
        await update.message.reply_text(QUESTIONS[0])
        return 0

    async def answered(update: Update, step: int) -> int:
        assert update.message
        save(update.message.chat_id, step, update.message.text or "")
        if step + 1 == len(QUESTIONS):
            await update.message.reply_text("Saved. Send /start to tell something else.")
            return ConversationHandler.END
        await update.message.reply_text(QUESTIONS[step + 1])
        return step + 1

    def question(step: int) -> MessageHandler:
        async def handle(update: Update, _: ContextTypes.DEFAULT_TYPE) -> int:
            return await answered(update, step)

        return MessageHandler(filters.TEXT & ~filters.COMMAND, handle)

    api = os.environ["RECOURSE_TELEGRAM_API_URL"]
    builder = Application.builder().token(os.environ["RECOURSE_TELEGRAM_TOKEN"])
    application = builder.base_url(f"{api}/bot").build()
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", start)],
            states={step: [question(step)] for step in range(len(QUESTIONS))},
            fallbacks=[CommandHandler("start", start)],
        )
    )
    application.run_polling()
