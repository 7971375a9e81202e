"""Texts about rights of the sample data, each marked as a sample: nobody has checked them."""

from datetime import datetime

from casework import rights
from casework.db import Session
from casework.rights import Written

TEXTS = (
    (
        "VN",
        "en",
        Written(
            "Overtime (sample)",
            "Sample text, not checked.\n\nA normal working day has at most 8 hours, and a week at"
            " most 48 hours. For overtime you get at least 150% of your wage on a normal day, 200%"
            " on your weekly day off, and 300% on a public holiday.\n\nLabour Code 2019, articles"
            " 98 and 105.",
        ),
    ),
    (
        "VN",
        "vi",
        Written(
            "Làm thêm giờ (bản mẫu)",
            "Bản mẫu, chưa được kiểm tra.\n\nThời giờ làm việc bình thường không quá 8 giờ một ngày"
            " và 48 giờ một tuần. Khi làm thêm giờ, bạn được trả ít nhất 150% tiền lương vào ngày"
            " thường, 200% vào ngày nghỉ hằng tuần và 300% vào ngày lễ.\n\nBộ luật Lao động 2019,"
            " Điều 98 và Điều 105.",
        ),
    ),
)
"""Country, language, text."""


def add(session: Session, now: datetime) -> None:
    """Write them down, published."""
    for country, language, text in TEXTS:
        row = rights.add_text(session, country, language, text, staff_id=None, now=now)
        row.published = True
