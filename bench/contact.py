"""One picture a language of every kind of page: to be looked at, and compared with the one of before."""

import io
import os
from pathlib import Path
from typing import Literal

import cyclopts
from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser, sync_playwright

from tests.site.kinds import KINDS

# Pages are taken as wide as a desk and as narrow as a telephone, and shown at a third.
_SIZES: tuple[tuple[int, int, Literal["light", "dark"]], ...] = ((1440, 1000, "light"), (390, 844, "dark"))
_SHRINK, _GAP, _TITLE, _ACROSS = 3, 12, 18, 4
# The share of a page's surface from which a change is no longer a matter of a letter.
_GROSS = 0.02


def photograph(browser: Browser, origin: str, root: str) -> dict[str, Image.Image]:
    """Each kind of page by its name, wide and narrow side by side."""
    found: dict[str, Image.Image] = {}
    for name, path in KINDS.items():
        pictures = []
        for width, height, scheme in _SIZES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(origin + root + path, wait_until="networkidle")
            taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            pictures.append(taken.resize((width // _SHRINK, height // _SHRINK), Image.Resampling.LANCZOS))
            context.close()
        both = Image.new(
            "RGB", (sum(one.width for one in pictures) + _GAP, max(one.height for one in pictures)), "white"
        )
        both.paste(pictures[0], (0, 0))
        both.paste(pictures[1], (pictures[0].width + _GAP, 0))
        found[name] = both
    return found


def sheet(pictures: dict[str, Image.Image]) -> Image.Image:
    """All of them on one sheet, each under its name."""
    wide = max(one.width for one in pictures.values()) + _GAP
    tall = max(one.height for one in pictures.values()) + _TITLE + _GAP
    rows = -(-len(pictures) // _ACROSS)
    whole = Image.new("RGB", (wide * _ACROSS + _GAP, tall * rows + _GAP), "#c8c4ba")
    pen = ImageDraw.Draw(whole)
    for number, (name, picture) in enumerate(pictures.items()):
        x, y = _GAP + wide * (number % _ACROSS), _GAP + tall * (number // _ACROSS)
        pen.text((x, y), name, fill="black")
        whole.paste(picture, (x, y + _TITLE))
    return whole


def changed(before: Image.Image, after: Image.Image) -> float:
    """The share of a page's surface that looks different, from 0 to 1; pages of another size are all different."""
    if before.size != after.size:
        return 1.0
    grey = ImageChops.difference(before, after).convert("L").point([255 if level > 40 else 0 for level in range(256)])
    return grey.histogram()[255] / (grey.width * grey.height)


app = cyclopts.App(help="Photograph every kind of page, one sheet a language.")


@app.default
def main(*, origin: str = "http://127.0.0.1:8000", into: Path = Path("build"), against: Path | None = None) -> None:
    """Write a sheet for each language, and the single pages beside it, of the portal that runs at `origin`.

    Example: scripts/contact-sheet --into build/after --against build/before
    """
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ["DUPLEX_TEST_BROWSER"],
            args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
        )
        for lang, root in (("fr", "/"), ("en", "/en/")):
            pictures = photograph(browser, origin, root)
            pages = into / f"contact-sheet-{lang}"
            pages.mkdir(parents=True, exist_ok=True)
            for name, picture in pictures.items():
                picture.save(pages / f"{name}.png")
                old = against / f"contact-sheet-{lang}" / f"{name}.png" if against else None
                if old is not None and old.is_file() and (share := changed(Image.open(old), picture)) > _GROSS:
                    print(f"{lang} {name}: {share:.0%} of the page looks different")
            sheet(pictures).save(into / f"contact-sheet-{lang}.png")
            print(f"{into}/contact-sheet-{lang}.png: {len(pictures)} kinds of page")
        browser.close()


if __name__ == "__main__":
    app()
