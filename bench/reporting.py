"""The tables of `bench/build`, in Markdown, with ratios to Duplex and the aims beside them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from bench.archive import interview
from bench.contestants import Contestant
from bench.measuring import Cost
from bench.snapshot import Difference
from catalogue.interview import home

_OWN = "Duplex"
_SHOWN = 12


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One builder at one size: four builds, and what the last three did to the site."""

    name: str
    cold: Cost
    again: Cost
    edit: Cost
    title: Cost
    bytes: int
    files: int
    after_nothing: Difference
    after_edit: Difference
    after_title: Difference


class PageWeight(msgspec.Struct, frozen=True, kw_only=True):
    """One interview's page as a builder made it: bytes, turns found in it, and bytes of the files beside it."""

    name: str
    page: int
    turns: int
    described: bool
    beside: int


def weigh(contestant: Contestant, archive: Path, size: int) -> PageWeight:
    """The French page of the first interview that is filmed and stands in both languages."""
    one = next(each for each in map(interview, range(size)) if each.film and len(each.languages) == 2)
    folder = contestant.site / home("fr").strip("/") / "interviews" / one.slug
    html = (folder / "index.html").read_text(encoding="utf-8")
    descriptions = ("application/ld+json", "og:title", 'hreflang="en"')
    return PageWeight(
        name=contestant.name,
        page=len(html.encode()),
        turns=len(re.findall(r'\bid="?t\d+\b', html)),
        described=all(text in html for text in descriptions),
        beside=sum(file.stat().st_size for file in folder.iterdir() if file.name != "index.html"),
    )


def report(size: int, rows: Sequence[Row], weights: Sequence[PageWeight]) -> Iterator[str]:
    """The lines that tell of one size."""
    own = next((row for row in rows if row.name == _OWN), None)
    yield f"\n### {size:,} interviews\n"
    yield "| builder | build | wall s | CPU s | peak MB | MB | files | written | wall × | CPU × | memory × |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for row in rows:
        for kind, cost, did in (
            ("from nothing", row.cold, None),
            ("nothing new", row.again, row.after_nothing),
            ("one word", row.edit, row.after_edit),
            ("one title", row.title, row.after_title),
        ):
            whole = f"{row.bytes / 1e6:.0f} | {row.files}" if did is None else " | "
            written = f"{len(did.changed)} + {len(did.rewritten)}" if did else "all"
            ratios = _ratios(cost, own, kind) if own and own is not row else "1 | 1 | 1"
            yield (
                f"| {row.name} | {kind} | {cost.seconds:.2f} | {cost.cpu_seconds:.2f} | {cost.peak_bytes / 1e6:.0f} "
                f"| {whole} | {written} | {ratios} |"
            )
    yield "\n“Written” counts files that changed + files written again with the bytes they had. × is to Duplex."
    yield "\n| builder | page, bytes | turns | metadata | files beside, bytes |"
    yield "|---|---:|---:|---|---:|"
    for weight in weights:
        described = "yes" if weight.described else "no"
        yield f"| {weight.name} | {weight.page} | {weight.turns} | {described} | {weight.beside} |"
    if own:
        names = [*own.after_edit.changed, *(f"{name} (same bytes)" for name in own.after_edit.rewritten)]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"\nOne changed word made Duplex write: {', '.join(names[:_SHOWN])}{more}."
        yield from _aims(size, own, rows)


def _ratios(cost: Cost, own: Row, kind: str) -> str:
    mine = {"from nothing": own.cold, "nothing new": own.again, "one word": own.edit, "one title": own.title}[kind]
    pairs = (cost.seconds, mine.seconds), (cost.cpu_seconds, mine.cpu_seconds), (cost.peak_bytes, mine.peak_bytes)
    return " | ".join(f"{theirs / max(ours, 1e-9):.1f}" for theirs, ours in pairs)


def _aims(size: int, own: Row, rows: Sequence[Row]) -> Iterator[str]:
    wall, cpu = (seconds / size / 2 * 1000 for seconds in (own.cold.seconds, own.cold.cpu_seconds))
    yield f"\nAims (Duplex from nothing: {wall:.2f} ms a page, {cpu:.2f} ms of CPU; compare between sizes):\n"
    for row in rows:
        if row.name.startswith("Hugo") and size in (2_000, 5_000):
            yield _aim(f"wall less than {row.name}’s", own.cold.seconds / row.cold.seconds, 1)
            yield _aim(f"memory at most a quarter of {row.name}’s", own.cold.peak_bytes / row.cold.peak_bytes, 0.25)
        if row.name == "MkDocs-Material":
            yield _aim(
                "CPU at most a twentieth of MkDocs-Material’s", own.cold.cpu_seconds / row.cold.cpu_seconds, 0.05
            )
    yield _aim("one changed word within 3 seconds", own.edit.seconds, 3)
    yield _aim("one changed title within 3 seconds", own.title.seconds, 3)
    again = len(own.after_edit.rewritten) + len(own.after_title.rewritten)
    yield _aim("nothing written again with the bytes it had", again, 0)


def _aim(what: str, figure: float, limit: float) -> str:
    return f"- {what}: {figure:.3g} (aim {limit:g}), {'reached' if figure <= limit else 'missed'}"
