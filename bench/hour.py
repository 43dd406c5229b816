"""An interview of one hour among the demonstration's: 9,000 words in 400 turns, in both languages, always the same."""

import random
import shutil
from pathlib import Path

import msgspec
import yaml

from bench.archive import HOUSE, LANGUAGES, said
from catalogue.timecode import format_clock

SLUG = "une-heure-entiere"
TURNS, WORDS, HOUR_MS = 400, 9000, 3_600_000
_LIKE = "phare-men-tensel"


def write_hour(folder: Path) -> None:
    """The whole demonstration and this interview, as a project that `duplex build` builds; its films under `media`.

    Its film has the bytes of a shorter one: what is measured is the page.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HOUSE / "docs", folder / "docs")
    shutil.copyfile(HOUSE / "mkdocs_hook.py", folder / "mkdocs_hook.py")
    settings = (HOUSE / "mkdocs.yml").read_text(encoding="utf-8")
    theme = f"custom_dir: {HOUSE / 'catalogue' / 'theme'}"
    (folder / "mkdocs.yml").write_text(settings.replace("custom_dir: catalogue/theme", theme), encoding="utf-8")
    media = folder / "media"
    media.mkdir()
    for film in (HOUSE / "var" / "media").iterdir():
        (media / film.name).symlink_to(film.resolve())
    (media / SLUG).symlink_to((HOUSE / "var" / "media" / _LIKE).resolve())
    sheet = yaml.safe_load((HOUSE / "docs" / "masters" / f"{_LIKE}.yml").read_text(encoding="utf-8"))
    sheet |= {"id": SLUG, "duration_ms": HOUR_MS}
    sheet["video"]["frames"] = HOUR_MS // 40
    (folder / "docs" / "masters" / f"{SLUG}.yml").write_bytes(msgspec.json.encode(sheet))
    for lang in LANGUAGES:
        (folder / "docs" / lang / "interviews" / f"{SLUG}.md").write_text(_page(lang), encoding="utf-8")


def _page(lang: str) -> str:
    chance = random.Random(f"hour {lang}")
    french = lang == "fr"
    lines = [
        "---",
        f"title: {'Une heure entière' if french else 'A whole hour'}",
        "date: 2026-04-01",
        "place: Brest",
        f"summary: {'Une heure, pour mesurer.' if french else 'An hour, to be measured.'}",
        "spoken: fr",
        "speakers:",
        "  - {key: Q, role: interviewer, name: Anaïs Kerbrat}",
        "  - {key: ANNE LE GOFF, name: Anne Le Goff, function: " + ("navigatrice}" if french else "sailor}"),
        "topics: [" + ("mer]" if french else "sea]"),
        f"master: {SLUG}",
        "reference: DPX-2026-999",
        "credit: Duplex",
        "terms: " + ("Usage libre avec la mention du crédit." if french else "Free use with the credit."),
        "---",
        "",
        "## Transcription" if french else "## Transcript",
        "",
    ]
    for turn in range(TURNS):
        asks = turn % 2 == 0
        words = said(chance, lang, 2 * WORDS // TURNS - 35 if asks else 35)
        stamp = format_clock(turn * (HOUR_MS // TURNS) + 500)
        lines += [f"[{stamp}] {'Q' if asks else 'ANNE LE GOFF'}{' :' if french else ':'} {words}", ""]
    return "\n".join(lines)
