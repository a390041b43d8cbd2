"""Cut the book's fonts out of the full ones: run it after adding a character or an icon below.

    python tools/make_fonts.py MATH_FONT

MATH_FONT is the full STIX Two Math (OTF or WOFF2; SIL Open Font License 1.1). The icon fonts are cut from the
Font Awesome Free files that come with pydata-sphinx-theme (fonts under the SIL Open Font License 1.1).
It needs fonttools and brotli. It writes the WOFF2 files and `math-characters.txt` into the folder
book/theme/static/fonts.
"""

import sys
from pathlib import Path

FONTS = Path(__file__).resolve().parents[1] / "book" / "theme" / "static" / "fonts"
CHARACTERS = FONTS / "math-characters.txt"


def span(first, last):
    """The characters from `first` to `last`, both included."""
    return "".join(chr(code) for code in range(ord(first), ord(last) + 1))


# What a formula of the book may contain. The build refuses any other character (sphinxext/mathml.py).
MATH = (
    span(" ", "~")
    + span("Α", "Ρ")
    + span("Σ", "Ω")
    + span("α", "ω")
    + "ϕϵϑϱϖ"
    + "\u00a0\u202f¬±·×÷¨¯´ˆˇˉ˘˙˚˜…′″‖†‡ℎℏℓ"
    + "ℂℕℚℝℤ𝔼𝟙"
    + "ℬℰℱℋℐℒℳℛ𝒜𝒞𝒟𝒢𝒥𝒦𝒩𝒪𝒫𝒬𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵"
    + "←↑→↓↔↦⇐⇒⇔⟵⟶⟷⟸⟹⟺"
    + "∀∂∃∅∇∈∉∋∏∑−∓∖∗∘∙√∝∞∠∣∤∥∧∨∩∪∫∴∶∼≃≅≈≔≠≡≤≥≪≫⊂⊃⊆⊇⊕⊖⊗⊘⊙⊤⊥⋅⋆⋮⋯⋱⌈⌉⌊⌋⏞⏟⟨⟩⟦⟧"
    + span("𝐀", "𝐙")
    + span("𝐚", "𝐳")
    + span("𝟎", "𝟗")
    + span("𝐴", "𝑍")
    + "".join(c for c in span("𝑎", "𝑧") if c != "\U0001d455")  # italic h is ℎ
    + span("𝛢", "𝛺")
    + span("𝛼", "𝜛")
)

# The icons of the theme and of the book. Their classes stand in book/theme/static/book.css.
SOLID = {
    "angle-down": "\uf107",
    "angle-left": "\uf104",
    "angle-right": "\uf105",
    "arrow-up": "\uf062",
    "arrow-up-right-from-square": "\uf35d",
    "bars": "\uf0c9",
    "bell": "\uf0f3",
    "bug": "\uf188",
    "circle-check": "\uf058",
    "circle-exclamation": "\uf06a",
    "circle-half-stroke": "\uf042",
    "circle-info": "\uf05a",
    "circle-xmark": "\uf057",
    "code-branch": "\uf126",
    "download": "\uf019",
    "lightbulb": "\uf0eb",
    "list": "\uf03a",
    "magnifying-glass": "\uf002",
    "magnifying-glass-minus": "\uf010",
    "moon": "\uf186",
    "pencil": "\uf303",
    "share": "\uf064",
    "sun": "\uf185",
    "triangle-exclamation": "\uf071",
}


def subset(source, characters, target, features):
    """Write the part of the font `source` that draws `characters` to `target` (WOFF2)."""
    from fontTools import subset as fonttools_subset

    options = fonttools_subset.Options()
    options.flavor = "woff2"
    options.layout_features = features
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    font = fonttools_subset.load_font(source, options)
    missing = sorted(set(characters) - {chr(code) for code in font.getBestCmap()})
    if missing:
        raise SystemExit(f"{source} has no glyph for {' '.join(missing)}: choose another font or character.")
    subsetter = fonttools_subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    fonttools_subset.save_font(font, target, options)


def main(math_font):
    """Write all fonts of the book; `math_font` is the file of the full math font."""
    import pydata_sphinx_theme

    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
    icons = next((theme / "vendor" / "fontawesome").glob("*/webfonts/fa-solid-900.woff2"))
    subset(math_font, MATH, FONTS / "stix-two-math-subset.woff2", ["ssty"])
    subset(icons, "".join(SOLID.values()), FONTS / "fa-solid-subset.woff2", [])
    CHARACTERS.write_text("".join(sorted(set(MATH))) + "\n", encoding="utf-8")
    for path in sorted(FONTS.glob("*.woff2")):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        raise SystemExit(f"One argument is expected, the file of the full math font; got {sys.argv[1:]}.")
    main(sys.argv[1])
