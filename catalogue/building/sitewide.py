"""Every file of the site that is not one interview's own: editors' pages, lists, feeds, maps, the manifest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath

from catalogue.building.publishing import SIGN
from catalogue.building.staging import NOT_FOUND, address_of, pages_of
from catalogue.building.state import Grown
from catalogue.interview import LANGUAGES, Problem, Record, other_language
from catalogue.manifest import Manifest, manifest_bytes, manifest_schema
from catalogue.pages.doors import Doors
from catalogue.pages.leaf import Branch, Leaf, Place, branch_of, file_at, marks_of
from catalogue.pages.listings import Listings
from catalogue.pages.page import entry_of
from catalogue.pages.plan import Plan
from catalogue.pages.pouring import Pourer
from catalogue.pages.shelf import Shelf
from catalogue.pages.sitemap import robots_text, sitemaps
from catalogue.reading.markup import context_html
from catalogue.reading.parsing import read_other
from catalogue.reading.timing import timing_schema
from catalogue.sources import digest_of

# Pages for members: nobody looks for them in a search engine.
_UNLISTED = ("account/", "newsletter/", "basket/", "design/")
_EDITORS = "editors"


def key_of_lists(plan: Plan, shelves: Mapping[str, Shelf], base: bytes, pairs: bytes) -> bytes:
    """The hash of all that these files are made of: while it stays, every one of them does. `pairs` is the hash of the
    paired topics."""
    welcomes = [_welcome(plan, lang, shelf) for lang, shelf in shelves.items()]
    told = repr((welcomes, plan.assets.addresses)).encode()
    return digest_of(base, pairs, told, _editors(plan).key, marks_of(shelves["fr"].pages.values()))


def branches_of(
    plan: Plan, shelves: Mapping[str, Shelf], pourers: Mapping[str, Pourer], base: bytes
) -> Iterator[Branch]:
    """Every such file, with those that change together."""
    standing = [one for one in shelves["fr"].pages.values() if not one.withdrawn]
    manifest = Leaf(SIGN, digest_of(base, marks_of(standing)), partial(_manifest, standing))
    yield branch_of("manifest", [manifest], long=True)
    yield branch_of("assets", (_told(name, data) for name, data in plan.assets.files.items()))
    branches = [_editors(plan)]
    for lang in LANGUAGES:
        shelf, other = shelves[lang], shelves[other_language(lang)]
        branches += Listings(shelf, other, pourers[lang], base).branches()
        branches.append(Doors(shelf, other, pourers[lang], base).branch(*_welcome(plan, lang, shelf)))
    yield from branches
    places = (place for branch in branches for place in branch.places)
    maps = sitemaps(places, [_place(one, shelves[one.lang]) for one in standing], plan.origin, base)
    yield branch_of("maps", maps)
    told = [
        _told("robots.txt", robots_text(plan.origin).encode()),
        _told("catalogue.schema.json", manifest_schema()),
        _told("timing.schema.json", timing_schema()),
    ]
    yield branch_of("told", told)


def clashes(plan: Plan, branches: Mapping[str, Grown], old: Mapping[str, Grown]) -> Iterator[Problem]:
    """A problem for each file of an editor that stands where the catalogue writes its own. What stayed is not looked
    at: it did not clash in the last build."""
    editors = {leaf.name: file for lang in LANGUAGES for file, leaf, _ in _editorial(plan, lang)}
    stayed = branches[_EDITORS] is old.get(_EDITORS)
    for name, branch in branches.items():
        if name != _EDITORS and not (stayed and branch is old.get(name)):
            made = branch.made
            yield from (_clash(file, leaf) for leaf, file in editors.items() if leaf in made)


def _editors(plan: Plan) -> Branch:
    """What MkDocs rendered of the editors' own pages, and the files they put beside them."""
    found = [each for lang in LANGUAGES for each in _editorial(plan, lang)]
    return branch_of(_EDITORS, (leaf for _, leaf, _ in found), (place for _, _, place in found if place))


def _editorial(plan: Plan, lang: str) -> Iterator[tuple[Path, Leaf, Place | None]]:
    """Each file of the editors with what it becomes, and where it is found if it is to be."""
    docs, root, other = plan.root / "docs", "" if lang == "fr" else f"{lang}/", other_language(lang)
    for file in pages_of(docs / lang):
        path = PurePath(file.relative_to(docs / lang))
        if path.suffix != ".md":
            yield file, _copied(root + path.as_posix(), file), None
        elif address := address_of(path):
            url = f"/{root}{address}"
            has_twin = (docs / other / path).exists()
            twin = f"{'/' if other == 'fr' else f'/{other}/'}{address}" if has_twin else None
            place = None if address.startswith(_UNLISTED) else Place(url, twin)
            yield file, _copied(file_at(url), plan.rendered / file_at(url)), place
    lost = file_at(f"/{root}{address_of(PurePath(NOT_FOUND))}")
    yield docs / lang / NOT_FOUND, _copied(f"{root}404.html", plan.rendered / lost), None


def _told(name: str, data: bytes) -> Leaf:
    return Leaf(name, digest_of(data), partial(bytes, data))


def _copied(name: str, file: Path) -> Leaf:
    return Leaf(name, digest_of(file.read_bytes()), file.read_bytes)


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


def _clash(file: Path, name: str) -> Problem:
    path = "/".join(file.parts[file.parts.index("docs") :])
    message = f"the catalogue writes /{name.removesuffix('index.html')} itself. Give this file another name"
    return Problem(path=path, line=1, message=message)
