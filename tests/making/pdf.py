"""Makes PDF files for tests, sign by sign and without any font file, and from Word files through LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import zlib
from collections.abc import Iterable
from pathlib import Path

A4 = (595.0, 842.0)
_NARROW = {" ": 250, ".": 250, ",": 250, ";": 280, ":": 280, "i": 280, "l": 280, "j": 280, "t": 300, "-": 330, "/": 280, "(": 330, ")": 330}


def width_of(text: str, size: float) -> float:
    """Return how wide a text is drawn, in points."""
    return sum(_width(sign) for sign in text) * size / 1000


def _width(sign: str) -> int:
    if "\u0300" <= sign <= "\u036f":
        return 0
    return _NARROW.get(sign, 680 if sign.isupper() else 500)


class PdfMaker:
    """Collects what is drawn on pages; places are in points from the upper left corner, texts stand on `y`."""

    def __init__(self) -> None:
        self.pages: list[tuple[tuple[float, float], int, list[bytes]]] = []
        self.codes: dict[str, int] = {}
        self.fonts: dict[str, int] = {}

    def page(self, size: tuple[float, float] = A4, *, rotate: int = 0) -> PdfMaker:
        """Begin the next page; `rotate` is how a viewer turns it."""
        self.pages.append((size, rotate, []))
        return self

    def text(self, x: float, y: float, text: str, size: float = 13, *, font: str = "TimesNewRoman", matrix: str = "1 0 0 1") -> PdfMaker:
        """Draw a text with the signs of `text`, one glyph each."""
        (_, height), _, drawn = self.pages[-1]
        number = self.fonts.setdefault(font, len(self.fonts) + 1)
        codes = "".join(f"{self.codes.setdefault(sign, len(self.codes) + 1):04x}" for sign in text)
        drawn.append(f"BT /F{number} {size} Tf {matrix} {x:.2f} {height - y:.2f} Tm <{codes}> Tj ET".encode())
        return self

    def bold(self, x: float, y: float, text: str, size: float = 13) -> PdfMaker:
        return self.text(x, y, text, size, font="TimesNewRoman,Bold")

    def centred(self, y: float, text: str, size: float = 13, *, font: str = "TimesNewRoman,Bold") -> PdfMaker:
        return self.text((self.pages[-1][0][0] - width_of(text, size)) / 2, y, text, size, font=font)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> PdfMaker:
        """Draw a straight line, as a stroke."""
        (_, height), _, drawn = self.pages[-1]
        drawn.append(f"0.5 w {x0} {height - y0} m {x1} {height - y1} l S".encode())
        return self

    def grid(self, xs: list[float], ys: list[float]) -> PdfMaker:
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        return self

    def raw(self, drawn: str) -> PdfMaker:
        self.pages[-1][2].append(drawn.encode())
        return self

    def paragraph(self, y: float, text: str, size: float = 13, *, left: float = 85, right: float = 540, indent: float = 36) -> float:
        """Draw a paragraph whose first line is indented; "^1^" is a raised 1. Return where the next one stands."""
        x, run = left + indent, ""
        for word in text.split(" "):
            end = x + width_of(f"{run} {word.replace('^', '')}", size)
            if (run or x > left + indent) and end > right:
                self.text(x, y, run, size)
                x, y, run = left, y + 1.4 * size, ""
            elif run or x > left + indent:
                run += " "
            for k, part in enumerate(word.split("^")):
                if k % 2:
                    self.text(x, y, run, size)
                    x += width_of(run, size)
                    self.text(x, y - 0.33 * size, part, 0.6 * size)
                    x, run = x + width_of(part, 0.6 * size), ""
                else:
                    run += part
        self.text(x, y, run, size)
        return y + 1.4 * size

    def notes(self, notes: Iterable[str], *, size: float = 9, rule: bool = True) -> PdfMaker:
        """Draw notes at the foot of the page, under a short rule; each is a paragraph without indent."""
        notes = list(notes)
        lines = sum(1 + int(width_of(note, size) // 440) for note in notes)
        y = 790 - 1.4 * size * lines
        if rule:
            self.rule(85, y - size - 2, 205, y - size - 2)
        for note in notes:
            y = self.paragraph(y, note, size, indent=0)
        return self

    def save(self) -> bytes:
        """Return the file."""
        signs = sorted(self.codes.items(), key=lambda pair: pair[1])
        unicode = "".join(f"<{code:04x}> <{sign.encode('utf-16-be').hex()}>\n" for sign, code in signs)
        map_ = f"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n" \
               f"{len(signs)} beginbfchar\n{unicode}endbfchar endcmap end"
        widths = " ".join(f"{code} [{_width(sign)}]" for sign, code in signs)
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", _stream(map_.encode())]
        fonts = ""
        for name, number in self.fonts.items():
            fonts += f"/F{number} {len(objects) + 1} 0 R"
            objects.append((
                f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/ToUnicode 3 0 R/DescendantFonts[<</Type/Font"
                f"/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                f"/DW 500/W[{widths}]/FontDescriptor<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[0 -220 1000 900]"
                "/ItalicAngle 0/Ascent 900/Descent -220/CapHeight 700/StemV 80>>>>]>>"
            ).encode())
        kids = []
        for (width, height), rotate, drawn in self.pages:
            kids.append(f"{len(objects) + 1} 0 R")
            objects.append((
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Rotate {rotate}/Contents {len(objects) + 2} 0 R"
                f"/Resources<</Font<<{fonts}>>>>>>"
            ).encode())
            objects.append(_stream(b"\n".join(drawn)))
        objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
        return join_objects(objects)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)


def join_objects(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from 1, the first of them the catalogue."""
    data = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(data)


def find_office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def print_word_files(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the PDF of each Word file, by name without suffix; LibreOffice must be there."""
    for name, data in files.items():
        (folder / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [find_office(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in files)],
        check=True, capture_output=True, timeout=120,
    )
    return {name: (folder / f"{name}.pdf").read_bytes() for name in files}
