"""Why a document cannot be read, in words that say what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DocumentError(Exception):
    """A document was refused; `code` is stable and `message` is for the person who sent it."""

    code = "document_unreadable"
    template: Promise | str = _("This document cannot be read.")

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    @property
    def message(self) -> str:
        """Return the reason in the active language."""
        return str(self.template) % self.params

    def __str__(self) -> str:
        return self.message


class EmptyDocumentError(DocumentError):
    code = "document_empty"
    template = _("The file %(filename)s contains no text. Choose the file that holds the plan.")


class DocumentTooLargeError(DocumentError):
    code = "document_too_large"
    template = _("The file %(filename)s has %(size)s MB; at most %(limit)s MB can be read.")


class TextTooLongError(DocumentError):
    code = "text_too_long"
    template = _("%(filename)s holds %(length)s characters; at most %(limit)s can be read.")


class UnsupportedFormatError(DocumentError):
    code = "format_unsupported"
    template = _(
        "Files of the type “%(extension)s” cannot be read. "
        "Open the file and save it as Word (.docx), or paste its text."
    )


class OldWordFormatError(UnsupportedFormatError):
    code = "format_old_word"
    template = _(
        "%(filename)s is in the old Word format (.doc). Open it in Word, choose “Save as” "
        "and the type Word document (.docx)."
    )


class PdfNotSupportedError(UnsupportedFormatError):
    code = "format_pdf"
    template = _(
        "%(filename)s is a PDF file. Use the Word file it was made from, or paste its text."
    )


class NotTextError(DocumentError):
    code = "not_text"
    template = _("%(filename)s holds no text that can be read (byte %(offset)s is not text).")


class LegacyEncodingError(DocumentError):
    code = "legacy_encoding"
    template = _(
        "%(filename)s is written in the old %(encoding)s encoding. Convert it to Unicode "
        "(for example with UniKey) and save it again as Unicode (UTF-8)."
    )


class UnknownEncodingError(DocumentError):
    code = "unknown_encoding"
    template = _(
        "Line %(line)s of %(filename)s is not valid Unicode text. Save the file as Unicode (UTF-8)."
    )


class CorruptDocumentError(DocumentError):
    code = "document_corrupt"
    template = _(
        "%(filename)s is damaged or incomplete (%(part)s). Open it in Word and save it again."
    )


class UnsafeDocumentError(DocumentError):
    code = "document_unsafe"
    template = _(
        "%(filename)s was refused because its part %(part)s defines XML entities. "
        "Open it in Word and save it again."
    )


class CompressedTooFarError(DocumentError):
    code = "document_bomb"
    template = _(
        "%(filename)s was refused: unpacked it would take %(size)s MB, and at most "
        "%(limit)s MB are read."
    )


class NotAPlanError(DocumentError):
    code = "not_a_plan"
    template = _(
        "%(filename)s does not look like an official document: it has neither a number or type "
        "in its heading, nor numbered sections, nor any task."
    )
