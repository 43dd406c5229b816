"""Every file of the site that is not one interview's own: editors' pages, lists, feeds, maps, the manifest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath

from catalogue.doors import Doors
from catalogue.interview import LANGUAGES, Problem, Record, other_language
from catalogue.leaf import Leaf, Marks, file_at
from catalogue.listings import Listings
from catalogue.manifest import Manifest, manifest_bytes, manifest_schema
from catalogue.markup import context_html
from catalogue.page import entry_of
from catalogue.parsing import read_other
from catalogue.plan import Plan
from catalogue.pouring import Pourer
from catalogue.publishing import SIGN
from catalogue.shelf import Shelf
from catalogue.sitemap import Place, robots_text, sitemaps
from catalogue.sources import digest_of
from catalogue.staging import NOT_FOUND, address_of, pages_of
from catalogue.timing import timing_schema

# Pages for members: nobody looks for them in a search engine.
_UNLISTED = ("account/", "newsletter/", "basket/", "design/")


def leaves_of(
    plan: Plan, shelves: Mapping[str, Shelf], pourers: Mapping[str, Pourer], base: bytes, marks: Marks
) -> tuple[list[Leaf], list[Problem]]:
    """Every such file, and a problem for each page of an editor that stands where the catalogue writes its own."""
    editors = {leaf.name: (path, leaf) for lang in LANGUAGES for path, leaf in _editorial(plan, lang)}
    leaves = [
        Leaf(name=name, key=digest_of(data), make=partial(bytes, data)) for name, data in plan.assets.files.items()
    ]
    for lang in LANGUAGES:
        shelf, other = shelves[lang], shelves[other_language(lang)]
        leaves += Listings(shelf, other, pourers[lang], base, marks).leaves()
        doors = Doors(shelf, other, pourers[lang], base, marks)
        leaves += [doors.home(*_welcome(plan, lang, shelf)), doors.search()]
    pages = [leaf for _, leaf in editors.values()] + leaves
    places = [Place(leaf.address, leaf.twin) for leaf in pages if leaf.address]
    interviews = [_place(one, shelves[one.lang]) for one in shelves["fr"].pages.values() if not one.withdrawn]
    leaves += sitemaps(places, interviews, plan.origin, base, marks)
    standing = [one for one in shelves["fr"].pages.values() if not one.withdrawn]
    told = {
        "robots.txt": robots_text(plan.origin).encode(),
        "catalogue.schema.json": manifest_schema(),
        "timing.schema.json": timing_schema(),
    }
    leaves += [
        *(Leaf(name=name, key=digest_of(data), make=partial(bytes, data)) for name, data in told.items()),
        Leaf(
            name=SIGN,
            key=digest_of(base, *(marks[one.slug, one.lang] for one in standing)),
            make=partial(_manifest, standing),
        ),
    ]
    clashes = [_clash(*editors[leaf.name]) for leaf in leaves if leaf.name in editors]
    return [*leaves, *(leaf for _, leaf in editors.values())], clashes


def _editorial(plan: Plan, lang: str) -> Iterator[tuple[Path, Leaf]]:
    """What MkDocs rendered of the editors' own pages, and the files they put beside them."""
    docs, root, other = plan.root / "docs", "" if lang == "fr" else f"{lang}/", other_language(lang)
    for file in pages_of(docs / lang):
        path = PurePath(file.relative_to(docs / lang))
        if path.suffix != ".md":
            yield file, _copied(root + path.as_posix(), file)
        elif address := address_of(path):
            url = f"/{root}{address}"
            has_twin = (docs / other / path).exists()
            twin = f"{'/' if other == 'fr' else f'/{other}/'}{address}" if has_twin else None
            listed = not address.startswith(_UNLISTED)
            leaf = _copied(file_at(url), plan.rendered / file_at(url))
            yield file, Leaf(name=leaf.name, key=leaf.key, make=leaf.make, address=url if listed else "", twin=twin)
    lost = file_at(f"/{root}{address_of(PurePath(NOT_FOUND))}")
    yield docs / lang / NOT_FOUND, _copied(f"{root}404.html", plan.rendered / lost)


def _copied(name: str, file: Path) -> Leaf:
    return Leaf(name=name, key=digest_of(file.read_bytes()), make=file.read_bytes)


def _welcome(plan: Plan, lang: str, shelf: Shelf) -> tuple[str, str]:
    """The editors' words on the home page, and its title."""
    file = plan.root / "docs" / lang / "index.md"
    intro = context_html(read_other(file.read_bytes())[0], top=1) if file.exists() else ""
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", intro, re.DOTALL)
    return intro, re.sub(r"<[^>]+>", "", heading[1]) if heading else shelf.words["site"]["tagline"]


def _place(one: Record, shelf: Shelf) -> Place:
    twin = shelf.twin(one)
    return Place(one.url, twin.url if twin else None, one)


def _manifest(standing: Sequence[Record]) -> bytes:
    return manifest_bytes(Manifest(interviews=tuple(map(entry_of, standing))))


def _clash(file: Path, leaf: Leaf) -> Problem:
    path = "/".join(file.parts[file.parts.index("docs") :])
    message = f"the catalogue writes /{leaf.name.removesuffix('index.html')} itself. Give this file another name"
    return Problem(path=path, line=1, message=message)
