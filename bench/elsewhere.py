"""The interview of one hour as others show it: on a page of MkDocs-Material, and by Hyperaudio Lite; a server of both.

The film, its poster and every word are the same. Able Player is not in any package registry, so it is not here.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from threading import Thread
from time import sleep

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bench.hour import HOUR_MS, SLUG
from catalogue.interview import Interview, Turn
from catalogue.reading.parsing import read_page
from catalogue.reading.transcript import end_turns
from catalogue.sheet import read_sheet
from catalogue.timecode import format_short

HYPERAUDIO = "hyperaudio-lite@2.6.4"


def write_material(project: Path, into: Path) -> None:
    """Every interview of a project in French as a page of plain Material: its film, and its turns under headings."""
    shutil.rmtree(into, ignore_errors=True)
    docs = into / "docs"
    docs.mkdir(parents=True)
    for file in sorted((project / "docs" / "fr" / "interviews").glob("*.md")):
        if (one := _read(project, file.stem)) is not None:
            (docs / file.name).write_text(_markdown(project, one), encoding="utf-8")
    (docs / "index.md").write_text("# Duplex\n", encoding="utf-8")
    settings = {
        "site_name": "Duplex",
        "theme": {"name": "material", "language": "fr", "font": False},
        "plugins": [{"search": {"lang": "fr"}}],
        "markdown_extensions": ["attr_list", {"toc": {"permalink": True}}],
    }
    (into / "mkdocs.yml").write_bytes(msgspec.yaml.encode(settings))
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str((into / "site").absolute())]
    subprocess.run(command, cwd=into, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def write_hyperaudio(project: Path, modules: Path, into: Path) -> None:
    """The interview as Hyperaudio Lite's instructions say: each word with its time, shared by letters in its turn."""
    shutil.rmtree(into, ignore_errors=True)
    page = into / "site" / SLUG / "index.html"
    page.parent.mkdir(parents=True)
    shutil.copyfile(modules / "hyperaudio-lite" / "js" / "hyperaudio-lite.js", page.with_name("hyperaudio-lite.js"))
    one = _read(project, SLUG)
    if one is None:
        raise ValueError(f"{SLUG} is no interview")
    turns = "\n".join(f"<p>{''.join(_words(turn))}</p>" for turn in one.turns)
    page.write_text(
        f"""<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(one.title)}</title>
<style>video {{ width: 100%; position: sticky; top: 0 }} .read {{ color: #555 }} .active {{ background: #fe9 }}</style>
</head><body><h1>{escape(one.title)}</h1>{_film(project).replace("<video", '<video id="hyperplayer"')}
<div id="hypertranscript"><article><section>
{turns}
</section></article></div>
<script src="hyperaudio-lite.js"></script>
<script>new HyperaudioLite({{transcript: "hypertranscript", player: "hyperplayer"}});</script>
</body></html>
""",
        encoding="utf-8",
    )


def _read(project: Path, slug: str) -> Interview | None:
    path = f"docs/fr/interviews/{slug}.md"
    one = read_page((project / path).read_bytes(), path=path, slug=slug, lang="fr").interview
    if one is None:
        return None
    return msgspec.structs.replace(one, turns=end_turns(one.turns, HOUR_MS))


def _markdown(project: Path, one: Interview) -> str:
    lines = [f"# {one.title}", one.summary, _film(project) if one.slug == SLUG else "", one.context]
    for turn in one.turns:
        lines += [f"### {format_short(turn.start_ms or 0)} {turn.name} {{ #{turn.id} }}", *turn.paragraphs]
    return "\n\n".join(lines) + "\n"


def _film(project: Path) -> str:
    sheet = read_sheet(project / "docs" / "masters" / f"{SLUG}.yml")
    media = f"/media/{SLUG}/{sheet.version}"
    return (
        f'<video controls preload="none" width="1280" height="720" poster="{media}/public/poster.jpg">'
        f'<source src="{media}/public/proxy.mp4" type="video/mp4"></video>'
    )


def _words(turn: Turn) -> Iterator[str]:
    start, end = turn.start_ms or 0, turn.end_ms or 0
    words = " ".join(turn.paragraphs).split(" ")
    total, said = sum(map(len, words)), 0
    yield f'<span class="speaker" data-m="{start}" data-d="0">{escape(turn.name)} </span>'
    for word in words:
        at = start + (end - start) * said // total
        said += len(word)
        length = start + (end - start) * said // total - at
        yield f'<span data-m="{at}" data-d="{length}">{escape(word)} </span>'


@contextmanager
def served(site: Path, media: Path, port: int) -> Iterator[None]:
    """A folder of pages, compressed as the edge compresses its own, and the films beside it."""
    films = StaticFiles(directory=media, follow_symlink=True)
    pages = GZipMiddleware(StaticFiles(directory=site, html=True), compresslevel=6)
    app = Starlette(routes=[Mount("/media", films), Mount("/", pages)])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        sleep(0.05)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
