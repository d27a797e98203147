"""What cannot be read is refused with a stable code and a place."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.importing.docx_reader import read_docx
from tasks.importing.errors import DocumentError, EmptyDocumentError, NotAPlanError
from tasks.importing.readers import read_file
from tasks.importing.reading import read_document
from tests.tasks.importing.samples import PLAN, docx_bytes, plan_as_docx, read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
# "Kế hoạch thực hiện nhiệm vụ của tỉnh" as the bytes of the two old encodings.
TCVN3 = b"K\xd5 ho\xb9ch th\xf9c hi\xd6n nhi\xd6m v\xf4 c\xf1a t\xd8nh"
VNI = b"Ke\xe1 hoa\xefch th\xf6\xefc hie\xe4n nhie\xe4m vu\xef cu\xfba t\xe6nh"


def refusal(data: bytes, filename: str, max_size: int = 4_000_000) -> str:
    with pytest.raises(DocumentError) as caught:
        read_document(data, filename, max_size)
    assert "%(" not in caught.value.message
    return caught.value.code


def docx_with(name: str, content: bytes) -> bytes:
    buffer = BytesIO(docx_bytes(Document()))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "plan.txt", "document_empty"),
        (b" \n\n", "plan.txt", "document_empty"),
        (b"text\x00\x01\x02", "plan.txt", "not_text"),
        (b"x" * 4_000_001, "plan.txt", "document_too_large"),
        ("Sở A; ".encode() * 400_000, "plan.txt", "text_too_long"),
        ("Kế hoạch".encode() + b"\xff\xfe\xfa", "plan.txt", "unknown_encoding"),
        (OLE, "plan.doc", "format_old_word"),
        (OLE, "plan.docx", "format_old_word"),
        (b"%PDF-1.7", "plan.pdf", "document_corrupt"),
        (b"{\\rtf1}", "plan.rtf", "format_other"),
        (b"PK\x03\x04 no zip", "plan.docx", "document_corrupt"),
        (b"plain text", "plan.docx", "document_corrupt"),
        ("Mua 2 kg cam, 3 quả táo.".encode(), "list.txt", "not_a_plan"),
    ],
)
def test_bad_file_is_refused(data: bytes, filename: str, code: str) -> None:
    assert refusal(data, filename) == code


def test_truncated_docx_is_corrupt() -> None:
    data = docx_bytes(plan_as_docx())
    assert refusal(data[: len(data) // 2], "plan.docx") == "document_corrupt"


def test_docx_with_entities_is_refused() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert refusal(docx_with("word/extra.xml", entity), "plan.docx") == "document_unsafe"


def test_docx_that_unpacks_too_far_is_refused_before_reading() -> None:
    data = docx_with("word/extra.xml", bytes(3_000_000))
    with pytest.raises(DocumentError) as caught:
        list(read_docx(data, "plan.docx", max_unpacked=2_000_000))
    assert caught.value.code == "document_bomb"


def test_refusal_names_file_and_line() -> None:
    with pytest.raises(DocumentError) as caught:
        read_document("một\nhai ".encode() + b"\xff", "plan.txt")
    assert caught.value.params == {"filename": "plan.txt", "line": 2}


@pytest.mark.parametrize(("data", "encoding"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
def test_old_encoding_is_converted_with_a_doubt(data: bytes, encoding: str) -> None:
    source = read_file(data, "plan.txt")
    assert source.text.text == "Kế hoạch thực hiện nhiệm vụ của tỉnh"
    assert [(one.code, one.params) for one in source.cautions] == [
        ("legacy_font", {"encoding": encoding})
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_marked_unicode_is_read(encoding: str) -> None:
    text = PLAN.read_text(encoding="utf-8")
    reading = read_document(text.encode(encoding), "plan.txt")
    assert len(reading.items) == len(read(text)["items"])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.docx", "a.md", "a.doc", "a"]))
def test_reading_bytes_raises_nothing_but_a_refusal(data: bytes, filename: str) -> None:
    with suppress(DocumentError):
        assert read_document(data, filename).text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PLAN.read_text(encoding="utf-8").splitlines()), max_size=30))
def test_shuffled_plan_raises_nothing_but_a_refusal(lines: list[str]) -> None:
    with suppress(EmptyDocumentError, NotAPlanError):
        reading = read_document("\n".join(lines).encode(), "plan.txt")
        assert all(0 <= item.confidence <= 1 for item in reading.items)
