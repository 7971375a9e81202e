"""Reference: python-telegram-bot as it comes, answering each message and storing nothing."""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text(update.message.text or "")


def main() -> None:
    api = os.environ["RECOURSE_TELEGRAM_API_URL"]
    builder = Application.builder().token(os.environ["RECOURSE_TELEGRAM_TOKEN"])
    application = builder.base_url(f"{api}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
