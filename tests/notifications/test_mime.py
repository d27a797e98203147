"""Our own bytes of a mail against those of Django, read by Python's parser."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMultiAlternatives

from notifications.channels.mail import routable
from notifications.channels.mime import written

HEADERS = {
    "Subject": "[Quá hạn: 2, Sắp đến hạn: 1] Việc của anh/chị, Thứ Hai, 12/6/2023 · Sở GD&ĐT",
    "From": "=?utf-8?b?xJDDtG4gxJDhu5Fj?= <dondoc@example.vn>",
    "To": "reader@example.vn",
    "Date": "Mon, 12 Jun 2023 00:30:00 -0000",
    "Message-ID": "<1@example.vn>",
    "In-Reply-To": "<item-12@example.vn>",
    "List-Unsubscribe": f"<https://example.vn/stop/{'x' * 200}/>",
}
TEXT = "Có 3 việc\n.một chấm\nFrom: không phải đầu thư\n\n-- \nĐôn Đốc\n"
HTML = "<p>Có 3 việc</p>\n"


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> list[tuple[str, str]]:
    return [
        (part.get_content_type(), part.get_content().replace("\r\n", "\n"))
        for part in message.iter_parts()
    ]


@pytest.mark.parametrize("text", [TEXT, TEXT + "dài " * 500 + "\n", "dòng có dấu = và cách \n" * 3])
def test_mail_reads_as_the_one_django_writes(text: str) -> None:
    theirs = EmailMultiAlternatives(
        subject=HEADERS["Subject"], body=text, to=[HEADERS["To"]], headers=HEADERS
    )
    theirs.attach_alternative(HTML, "text/html")
    expected = parsed(theirs.message().as_bytes())
    found = parsed(written(HEADERS, text, HTML))
    assert found.get_content_type() == expected.get_content_type() == "multipart/alternative"
    # Django begins a long header on the line after its name.
    assert {name: found[name] for name in HEADERS} == {
        name: expected[name].strip() for name in HEADERS
    }
    assert parts(found) == parts(expected)
    assert parts(found) == [("text/plain", text), ("text/html", HTML)]
    assert found.defects == []


def test_no_line_is_longer_than_servers_take() -> None:
    content = written(HEADERS, "dài " * 1000, "<p>" + "x" * 2000)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_header_that_would_begin_another_is_refused() -> None:
    with pytest.raises(ValueError, match="line break"):
        written({**HEADERS, "Subject": "a\r\nBcc: b@example.vn"}, TEXT, HTML)


def test_international_domain_is_put_into_ascii() -> None:
    assert routable("a.b@đônđốc.vn") == "a.b@xn--nc-7ja9ic0186b.vn"


@pytest.mark.parametrize(
    "address", ["", "a", "@x.vn", "a@", "a b@x.vn", "a@x.vn, b@x.vn", "đ@x.vn"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        routable(address)
