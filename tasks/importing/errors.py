"""Why a document cannot be read, in words that say what to do about it."""

from collections.abc import Iterator, Mapping

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


class TooManyLinesError(DocumentError):
    code = "too_many_lines"
    template = _(
        "%(filename)s holds more than %(limit)s paragraphs and cells. "
        "Split it, or keep only the part that holds the tasks."
    )


class TooManyScannedPagesError(DocumentError):
    code = "too_many_scanned_pages"
    template = _(
        "%(filename)s holds %(pages)s scanned pages; at most %(limit)s are recognised at a time. "
        "Split it, or use the Word file."
    )


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


class OldExcelFormatError(UnsupportedFormatError):
    code = "format_old_excel"
    template = _(
        "%(filename)s is in an old or binary Excel format. Open it in Excel, choose “Save as” "
        "and the type Excel workbook (.xlsx)."
    )


class OtherFormatError(UnsupportedFormatError):
    code = "format_other"
    template = _(
        "%(filename)s is a file of the kind %(format)s. Open it in Word, choose “Save as” "
        "and the type Word document (.docx)."
    )


class LockedDocumentError(DocumentError):
    code = "document_locked"
    template = _(
        "%(filename)s is protected with a password. Open it, remove the password and save it again."
    )


class ScannerMissingError(DocumentError):
    code = "scanner_missing"
    template = _(
        "%(filename)s holds pictures of pages. To have them read, the administrator installs "
        "tesseract-ocr and tesseract-ocr-vie on the server; until then use the Word file, or "
        "paste the text."
    )


class NotTextError(DocumentError):
    code = "not_text"
    template = _("%(filename)s holds no text that can be read (byte %(offset)s is not text).")


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


class MacrosError(DocumentError):
    code = "document_macros"
    template = _(
        "%(filename)s was refused because it holds macros. In Word choose “Save as” and the type "
        "Word document (.docx), which has none."
    )


class TrackedChangesError(DocumentError):
    code = "document_tracked_changes"
    template = _(
        "%(filename)s still holds tracked changes, the first at “%(place)s”. In Word accept or "
        "reject all changes, save the file and upload it again."
    )


class ForeignLetterError(DocumentError):
    code = "letter_foreign"
    template = _(
        "%(filename)s is not an edited copy of this report: none of its sections is in it. "
        "Download the Word file of this report, edit that one and upload it."
    )


class OtherReportError(DocumentError):
    code = "letter_of_another_report"
    template = _(
        "%(filename)s is the Word file of another report. Open that report to upload it there."
    )


class SectionsLostError(DocumentError):
    code = "letter_sections_lost"
    template = _(
        "In %(filename)s these sections cannot be found: %(sections)s. Put their headings back as "
        "they were in the Word file of this report, each on a line of its own, and upload it again."
    )


class CompressedTooFarError(DocumentError):
    code = "document_bomb"
    template = _(
        "%(filename)s was refused: unpacked it would take %(size)s MB, and at most "
        "%(limit)s MB are read."
    )


class TooManyPartsError(DocumentError):
    code = "document_parts"
    template = _(
        "%(filename)s was refused: it holds %(parts)s parts, and at most %(limit)s are read. "
        "Open it in Word and save it again."
    )


class NotAPlanError(DocumentError):
    code = "not_a_plan"
    template = _(
        "%(filename)s does not look like an official document: it has neither a number or type "
        "in its heading, nor numbered sections, nor any task."
    )


class UnreadableFileError(DocumentError):
    code = "file_unreadable"
    template = _("The file %(filename)s cannot be opened: %(reason)s")


class OutOfTimeError(DocumentError):
    code = "reading_time"
    template = _(
        "Reading %(filename)s took longer than %(seconds)s seconds and was stopped. "
        "Split the document, or paste the part that holds the tasks."
    )


class OutOfMemoryError(DocumentError):
    code = "reading_memory"
    template = _(
        "Reading %(filename)s took more than %(limit)s MB of memory and was stopped. "
        "Save it again without pictures, or paste its text."
    )


class AnswerTooLongError(DocumentError):
    code = "reading_too_long"
    template = _(
        "What was read from %(filename)s takes more than %(limit)s MB. Split the document."
    )


class ReadingFailedError(DocumentError):
    code = "reading_failed"
    template = _(
        "Reading %(filename)s failed. Open it in Word and save it again as .docx, "
        "or paste its text."
    )


def refusal_of(code: str, params: Mapping[str, object]) -> DocumentError:
    """Return the refusal that another process made, by its code and params."""
    kinds = {kind.code: kind for kind in _kinds(DocumentError)}
    return kinds.get(code, DocumentError)(**params)


def _kinds(kind: type[DocumentError]) -> Iterator[type[DocumentError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
