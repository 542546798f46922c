"""Named styles of figures for print: the columns of usual journals, slides and posters.

A style says how wide a figure is, how high at most, in which type, and how small its text may be.
The numbers follow the author guides that are named beside them. Where `compared` names a second
source, the widths are those of its tables too: tueplots 0.2.5, figsizes. SciencePlots 2.2.2 has
Nature's single column and text of 7 pt, but not its double one. Where there was no second source,
people are told so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from zoetrope.core.export_options import ExportOptions
from zoetrope.core.sheet import Font

INCH = 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintStyle:
    """A style: sizes in mm, text in points. Without a height, that follows from the panels.

    `letters` leaves the titles to the caption and puts letters on the panels. `source` is the
    guide that a journal's numbers follow, "" where there is none to follow, and `compared` what
    else has them.
    """

    name: str
    width: float
    height: float = 0.0
    tallest: float = 0.0
    font: Font = "helvetica"
    text: float = 7.0
    least_text: float = 6.0
    theme: str = "print"
    letters: bool = True
    source: str = ""
    compared: str = ""

    @property
    def size(self) -> str:
        """The size as export options have it."""
        return f"{self.width:g}x{self.height:g}mm" if self.height else f"{self.width:g}mm"

    def applied(self, options: ExportOptions) -> ExportOptions:
        """Return options with what the style says put in."""
        return replace(
            options,
            size=self.size,
            tallest=self.tallest,
            font=self.font,
            font_size=self.text,
            least_text=self.least_text,
            theme=self.theme,
            letters=self.letters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Journal:
    """A journal's columns: their keys, their words and their widths in mm."""

    key: str
    source: str
    compared: str = ""
    name: str
    columns: Mapping[str, float]
    tallest: float
    text: float
    least_text: float
    font: Font = "helvetica"

    def styles(self) -> Iterator[tuple[str, PrintStyle]]:
        """Yield a style for each column."""
        for column, width in self.columns.items():
            yield (
                f"{self.key}-{column}",
                PrintStyle(
                    name=f"{self.name}, {WORDS[column]} ({width:.4g} mm)",
                    width=width,
                    tallest=self.tallest,
                    font=self.font,
                    text=self.text,
                    least_text=self.least_text,
                    source=self.source,
                    compared=self.compared,
                ),
            )


WORDS = {
    "single": "single column",
    "middle": "one and a half columns",
    "double": "double column",
    "triple": "three columns",
    "full": "full width",
}

JOURNALS = (
    # research-figure-guide.nature.com, "Building and exporting figure panels": 89 and 183 mm, at
    # most 170 mm high, text of 5 to 7 pt in Arial or Helvetica.
    _Journal(
        key="nature", source="research-figure-guide.nature.com", name="Nature",
        columns={"single": 89.0, "double": 183.0}, tallest=170.0, text=7.0, least_text=5.0,
    ),
    # science.org, instructions for preparing a revised manuscript: 5.7, 12.1 and 18.4 cm; text of
    # 5 pt at least in Helvetica.
    _Journal(
        key="science", source="science.org",
        name="Science", columns={"single": 57.0, "double": 121.0, "triple": 184.0},
        tallest=230.0, text=7.0, least_text=5.0,
    ),
    # pnas.org, digital art guidelines: 8.7, 11.4 and 17.8 cm, at most 22.5 cm high; 6 to 8 pt.
    _Journal(
        key="pnas", source="pnas.org",
        name="PNAS", columns={"single": 87.0, "middle": 114.0, "double": 178.0},
        tallest=225.0, text=8.0, least_text=6.0,
    ),
    # ieeeauthorcenter.ieee.org, "Size requirements for graphics": 3.5 in (88.9 mm) and 7.16 in
    # (182 mm); text of 8 to 10 pt in the finished figure.
    _Journal(
        key="ieee", source="ieeeauthorcenter.ieee.org",
        name="IEEE", columns={"single": 88.9, "double": 182.0}, tallest=216.0,
        text=9.0, least_text=8.0, font="times",
    ),
    # elsevier.com, artwork sizing: 90, 140 and 190 mm, at most 240 mm high; 7 pt, indices 6 pt.
    _Journal(
        key="elsevier", source="elsevier.com",
        name="Elsevier", tallest=240.0, text=8.0, least_text=7.0,
        columns={"single": 90.0, "middle": 140.0, "double": 190.0},
    ),
    # pubs.acs.org, guidelines for figures and artwork: 240 and 504 pt wide (3.33 and 7 in), at
    # most 660 pt high with the caption; 4.5 pt at least in Helvetica or Arial.
    _Journal(
        key="acs", source="pubs.acs.org",
        name="ACS", columns={"single": 84.7, "double": 177.8}, tallest=220.0,
        text=7.0, least_text=5.0,
    ),
    # journals.aps.org, author guide on figures: 8.6 and 17.8 cm; capitals and numerals 2 mm high
    # at least, which they are at 8 pt.
    _Journal(
        key="aps", source="journals.aps.org",
        name="APS Physical Review", columns={"single": 86.0, "double": 178.0},
        tallest=230.0, text=9.0, least_text=8.0, font="times",
    ),
    # journals.plos.org, figures: 6.68 to 19.05 cm wide (13.2 cm is the text's width), at most
    # 22.23 cm high; Arial, Times or Symbol of 8 to 12 pt.
    _Journal(
        key="plos", source="journals.plos.org",
        name="PLOS", columns={"single": 132.0, "full": 190.5}, tallest=222.3,
        text=9.0, least_text=8.0,
    ),
    # The class acmart, format sigconf: a text of 7 in, whose columns are 24 pt apart.
    _Journal(
        key="acm", source="acmart.cls",
        name="ACM", columns={"single": 84.7, "double": 177.8}, tallest=228.6,
        text=8.0, least_text=7.0, font="times",
    ),
    # The style file of ICML: columns of 3.25 in in a text of 6.75 in.
    _Journal(
        key="icml", source="icml.sty", compared="tueplots",
        name="ICML", columns={"single": 3.25 * INCH, "double": 6.75 * INCH},
        tallest=9 * INCH, text=8.0, least_text=6.0, font="times",
    ),
    # The style file of NeurIPS: a text of 5.5 by 9 in.
    _Journal(
        key="neurips", source="neurips.sty", compared="tueplots",
        name="NeurIPS", columns={"full": 5.5 * INCH}, tallest=9 * INCH,
        text=8.0, least_text=6.0, font="times",
    ),
    # The author kit of CVPR: columns of 3 1/4 in in a text of 6 7/8 by 8 7/8 in.
    _Journal(
        key="cvpr", source="cvpr.sty", compared="tueplots",
        name="CVPR", columns={"single": 3.25 * INCH, "double": 6.875 * INCH},
        tallest=8.875 * INCH, text=8.0, least_text=6.0, font="times",
    ),
)  # fmt: skip

STYLES: Mapping[str, PrintStyle] = {
    "page": PrintStyle(
        name="Page, 170 × 105 mm", width=170.0, height=105.0, font="sans", text=8.0
    ),
    "column": PrintStyle(name="Column (85 mm)", width=85.0, font="sans", text=8.0),
    "square": PrintStyle(
        name="Square, 120 × 120 mm", width=120.0, height=120.0, font="sans", text=8.0
    ),
    **{key: style for journal in JOURNALS for key, style in journal.styles()},
    # Slides are shown at a distance and stand alone, and so do posters: their panels have titles.
    "slide": PrintStyle(  # 13.333 by 7.5 in, the wide slide of usual programs
        name="Slide 16:9 (339 × 190 mm)", width=40 / 3 * INCH, height=7.5 * INCH,
        font="sans", text=16.0, least_text=12.0, theme="light", letters=False,
    ),
    "poster-a1": PrintStyle(  # ISO 216
        name="Poster A1 (841 × 594 mm)", width=841.0, height=594.0,
        font="sans", text=40.0, least_text=28.0, letters=False,
    ),
    "poster-a0": PrintStyle(
        name="Poster A0 (1189 × 841 mm)", width=1189.0, height=841.0,
        font="sans", text=56.0, least_text=40.0, letters=False,
    ),
}  # fmt: skip
