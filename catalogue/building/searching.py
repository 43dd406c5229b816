"""The search index of each language, brought up to the interviews that stand."""

from collections.abc import Mapping

from catalogue.building.state import Output, State
from catalogue.building.tray import Tray
from catalogue.interview import Record
from catalogue.pages.plan import Plan
from catalogue.pages.shelf import Shelf
from catalogue.search.index import index_files
from catalogue.search.numbering import Document
from catalogue.sources import digest_of
from catalogue.workers import cores, spread

Index = dict[str, Output]


def search_index(
    plan: Plan, shelves: Mapping[str, Shelf], old: State, new: State, tray: Tray
) -> tuple[dict[str, Index], dict[str, bytes]]:
    """The files of each language's index, and what each was made of. Only files that change are laid out."""
    keys, indexes, stale = dict[str, bytes](), dict[str, Index](), []
    for lang, shelf in shelves.items():
        found = [(one, entry) for one in shelf.interviews if (entry := _entry(one, lang, new))]
        keys[lang] = digest_of(plan.program, b"".join([one.mark + entry for one, entry in found]))
        lost = any(name.startswith(f"search/{lang}/") for name in tray.wrong)
        if keys[lang] == old.search_key.get(lang) and not lost:
            indexes[lang] = old.search[lang]
        else:
            documents = [Document(slug=one.slug, date=one.date.isoformat(), digest=entry.hex()) for one, entry in found]
            stale.append((lang, documents, lost))

    def make(task: tuple[str, list[Document], bool]) -> tuple[str, Index]:
        lang, documents, lost = task
        known = old.search.get(lang, {})

        def read_entry(slug: str) -> bytes:
            fresh = plan.next / "entries" / lang / slug
            return (fresh if fresh.exists() else plan.entries / lang / slug).read_bytes()

        def standing(path: str) -> bytes | None:
            return (plan.site / path).read_bytes() if path in known and not lost else None

        files = index_files(lang, documents, read_entry, standing)
        index = {path: tray.put(path, data, known.get(path)) for path, data in files.changed}
        kept = set() if files.gone is None else known.keys() - files.gone - index.keys()
        return lang, index | {path: known[path] for path in kept}

    indexes.update(spread(make, stale, cores()))
    return indexes, keys


def _entry(one: Record, lang: str, state: State) -> bytes:
    """The hash of what the index needs of a page; empty for one in the other language."""
    if one.lang != lang:
        return b""
    return next(page.entry for page in state.units[one.slug].pages if page.record and page.record.lang == lang)
