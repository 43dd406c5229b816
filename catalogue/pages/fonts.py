"""The typefaces, cut down to what French and English need and packed as WOFF2 (W3C WOFF 2.0).

Source Serif and Source Sans (SIL Open Font License) come from two packages that bring nothing but their files.
"""

import hashlib
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from catalogue.workers import cores, spread

_SOURCES = {
    "serif-regular.woff2": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    "serif-italic.woff2": ("font_source_serif_pro", "SourceSerifPro-It.ttf"),
    "serif-semibold.woff2": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
    "sans-regular.woff2": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "sans-semibold.woff2": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
}
# Latin, Latin-1, Œ œ Ÿ, dashes, quotes, ellipsis, narrow no-break space, minus, times, euro, arrows, play.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ŒœŸ–—‘’‚“”„…‹›•\u2009\u200a\u202f−×€←→▶№′″"),
]
# What browsers apply unasked to these letters. Of what else they apply, `ccmp` and `mark` are about accents apart and
# `locl` about other languages: a tenth of the files, not seen. Figures are of one width as they are.
FEATURES = ["kern", "liga"]


def font_files(cache: Path) -> dict[str, bytes]:
    """Every typeface by the name under which the style sheet knows it. Made once, then taken from `cache`."""
    kept = cache / _recipe()

    def make(name: str) -> None:
        package, file = _SOURCES[name]
        half = (kept / name).with_suffix(".half")
        half.write_bytes(_cut_down(files(package).joinpath("files", file).read_bytes()))
        half.replace(kept / name)

    if missing := [name for name in _SOURCES if not (kept / name).exists()]:
        kept.mkdir(parents=True, exist_ok=True)
        for _ in spread(make, missing, cores()):
            pass
    return {name: (kept / name).read_bytes() for name in _SOURCES}


def _recipe() -> str:
    """Changes when anything that makes the files does."""
    packages = sorted({package.replace("_", "-") for package, _ in _SOURCES.values()} | {"fonttools", "brotli"})
    facts = [LETTERS, FEATURES, sorted(_SOURCES.items()), [(name, version(name)) for name in packages]]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


def _cut_down(font_file: bytes) -> bytes:
    # Needed once in the life of a project, and slow to begin.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # Without this the file would carry the moment it was made, and no two builds would be alike.
    font = TTFont(BytesIO(font_file), recalcTimestamp=False)
    options = Options(flavor="woff2", layout_features=FEATURES, hinting=False, desubroutinize=True, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    packed = BytesIO()
    font.save(packed)
    return packed.getvalue()
