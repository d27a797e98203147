"""The words of a Word paragraph as a reader sees them: no deletions, hidden runs or field codes."""

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from tasks.importing.legacy_fonts import from_font

Element = Any  # an lxml element; python-docx types its children no further

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PICTURES = {qn("w:pict"), qn("w:drawing"), qn("w:object")}
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), *_PICTURES}
_MARKS = {
    qn("w:tab"): " ",
    qn("w:ptab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_LITERAL = {qn("w:t"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
# Letters of the private area stand for drawings of fonts such as Wingdings.
_SYMBOL = re.compile("[\ue000-\uf8ff]")
_OFF = ("0", "false", "off")


def paragraph_text(paragraph: Element, fonts: "Fonts") -> str:
    """Return the words of a paragraph, line breaks kept; a drawn bullet at its begin is "- "."""
    text = "".join(_words(paragraph, fonts, fonts.of_paragraph(paragraph)))
    if not _SYMBOL.search(text):
        return text
    bulleted = re.sub("^\\s*[\ue000-\uf8ff]\\s*", "- ", text)
    return _SYMBOL.sub(" ", bulleted)


def text_boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the contents of the text boxes that hang on a paragraph, each once."""
    for child in paragraph:
        if child.tag == qn("w:txbxContent"):
            yield child
        elif child.tag not in (qn("w:del"), qn("w:moveFrom")):
            yield from text_boxes(alternative(child))


def alternative(element: Element) -> Element:
    """Return the first choice where a file offers newer and older forms of one content."""
    if element.tag != MC + "AlternateContent":
        return element
    chosen = element.find(MC + "Choice")
    if chosen is None:
        chosen = element.find(MC + "Fallback")
    return element if chosen is None else chosen


def is_on(properties: Element | None, name: str) -> bool:
    """Tell whether a switch such as w:vanish is set in *properties*."""
    found = None if properties is None else properties.find(qn(name))
    return found is not None and found.get(qn("w:val"), "1") not in _OFF


def _words(element: Element, fonts: "Fonts", font: str) -> Iterator[str]:
    for child in alternative(element):
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:r"):
            if not is_on(child.find(qn("w:rPr")), "w:vanish"):
                yield from _words(child, fonts, fonts.of_run(child, font))
        elif child.tag in _LITERAL:
            yield from_font(child.text or "", font)
        elif child.tag == qn("w:sym"):
            yield "\uf0b7"
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif isinstance(child.tag, str):  # not a comment
            yield from _words(child, fonts, font)


class Fonts:
    """Which font a run is set in: fonts made before Unicode give their letters other meanings."""

    def __init__(self, styles: Element | None) -> None:
        found = [] if styles is None else styles.findall(qn("w:style"))
        self.styles = {style.get(qn("w:styleId"), ""): style for style in found}
        self.resolved: dict[str, str] = {}
        self.default = ""
        if styles is None:
            return
        path = f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"
        self.default = _font(styles.find(path))
        normal = [style for style in found if style.get(qn("w:default")) in ("1", "true")]
        for style in normal:
            if style.get(qn("w:type")) == "paragraph":
                self.default = _font(style.find(qn("w:rPr"))) or self.default

    def of_paragraph(self, paragraph: Element) -> str:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self._of_style(style) or self.default

    def of_run(self, run: Element, inherited: str) -> str:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return inherited
        return _font(properties) or self._of_style(properties.find(qn("w:rStyle"))) or inherited

    def _of_style(self, reference: Element | None) -> str:
        """Return the font of a style or of those it is based on; "" where none names one."""
        name = "" if reference is None else reference.get(qn("w:val"), "")
        if name not in self.resolved:
            fonts = (_font(style.find(qn("w:rPr"))) for style in based_on(self.styles, name))
            self.resolved[name] = next(filter(None, fonts), "")
        return self.resolved[name]


def based_on(styles: dict[str, Element], name: str) -> Iterator[Element]:
    """Yield a style and those it is based on, nearest first."""
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        yield styles[name]
        above = styles[name].find(qn("w:basedOn"))
        name = "" if above is None else above.get(qn("w:val"), "")


def _font(properties: Element | None) -> str:
    fonts = None if properties is None else properties.find(qn("w:rFonts"))
    if fonts is None:
        return ""
    return str(fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) or "")
