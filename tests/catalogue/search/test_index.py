"""The files of an index: how numbers are written, what depends on what, and what a change leaves alone."""

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.search.changing import changed_list
from catalogue.search.coding import encoded, number_at
from catalogue.search.entry import entry_bytes, entry_of, parts_of
from catalogue.search.lists import LIMIT, block_of, cut, is_long, items_of, row_of
from catalogue.search.numbering import Document, numbered
from catalogue.search.packing import Shape, packed, unpacked
from catalogue.search.places import FIRST, MARK, MARKS, NEXT, gap_of, leap
from catalogue.search.shards import front_coded, front_decoded, order, ordered
from catalogue.search.texts import page_again
from tests.catalogue.search.pages import SENTENCES, Index, page


def told(chance, turns=40):
    """Turns of a made-up interview: some frequent words, some rare ones."""
    rare = [f"mot{chance.randrange(4000)}" for _ in range(turns * 3)]
    return [f"{chance.choice(SENTENCES)} {rare.pop()} et {rare.pop()} de la {rare.pop()}." for _ in range(turns)]


def archive(count=60):
    chance = random.Random(7)
    days = [
        f"20{chance.randrange(10, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}" for _ in range(count)
    ]
    return [page(f"page-{at}", told(chance), day=day, topics=("mer",)) for at, day in enumerate(days)]


@given(st.integers(0, 10**9))
def test_every_number_is_read_as_it_was_written(number):
    assert number_at(encoded(number), 0) == (number, len(encoded(number)))
    assert gap_of(leap(number % 10**7)) == number % 10**7
    assert not set(encoded(number)) & set(' !"\\~')


@given(st.data())
def test_every_row_is_read_as_it_was_packed(data):
    shape = data.draw(st.sampled_from([Shape(True, True), Shape(True, False), Shape(False, False)]))
    gaps = st.integers(1, data.draw(st.sampled_from([2, 40, 5000])))
    steps = st.integers(0, data.draw(st.sampled_from([1, 70, 400])))
    row = bytearray()
    for gap in [0, *data.draw(st.lists(gaps, max_size=20))]:
        row += leap(gap)
        for at, step in enumerate(data.draw(st.lists(steps, min_size=1, max_size=5)) if shape.placed else []):
            row += (NEXT if at else FIRST)[step].encode("latin-1")
            row += bytes([MARK + data.draw(st.integers(0, MARKS - 1))]) if shape.marked else b""
    assert unpacked(packed(bytes(row)), shape) == row
    assert not set(packed(bytes(row))) & set(' "\\~')


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="~"), max_size=12)))
def test_words_written_by_what_they_share_are_read_again(words):
    listed = sorted(set(words), key=order)
    assert front_decoded(front_coded(listed)) == listed


@given(st.sets(st.text(max_size=3)))
def test_terms_stand_in_the_order_in_which_a_browser_looks_for_them(terms):
    assert ordered(terms) == sorted(terms, key=order)


def test_a_day_with_one_more_page_moves_only_its_neighbours():
    chance = random.Random(3)
    days = sorted(f"2024-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}" for _ in range(200))
    documents = [Document(slug=f"s{at:03}", date=day, digest="") for at, day in enumerate(days)]
    before = {one.slug: number for number, one in numbered(documents).documents}
    after = numbered([*documents, Document(slug="new", date="2024-06-15", digest="")])
    moved = [one.slug for number, one in after.documents if one.slug != "new" and before[one.slug] != number]
    assert len(moved) < 20
    numbers = [(one.date, one.slug) for _, one in after.documents]
    assert numbers == sorted(numbers, reverse=True)
    assert all(one > other for (one, _), (other, _) in pairwise(after.documents))


def test_a_crowded_year_keeps_its_order_and_its_room():
    documents = [Document(slug=f"s{at:03}", date="2024-12-31", digest="") for at in range(90)]
    numbering = numbered([*documents, Document(slug="first", date="2024-01-01", digest="")])
    (year, base, room), numbers = numbering.years[0], [number for number, _ in numbering.documents]
    assert year == 2024
    assert len(set(numbers)) == 91
    assert base <= min(numbers)
    assert max(numbers) < base + room


def test_an_entry_can_be_made_again_from_its_blocks():
    entry = entry_bytes(page("a", SENTENCES * 4, topics=("mer", "élé’ments"), place="Nîmes"), ("mer", "élé’ments"))
    assert entry_of(page_again(parts_of(entry).blocks)) == entry


def test_entries_and_indexes_are_always_the_same():
    pages = archive(12)
    one, other = Index(pages), Index(list(reversed(pages)))
    assert one.entries == other.entries
    assert one.anew() == other.anew()


@settings(max_examples=60)
@given(st.data())
def test_a_list_changed_is_the_list_made_anew(data):
    chance = random.Random(data.draw(st.integers(0, 10**6)))
    count = data.draw(st.sampled_from([0, 3, 900, 2500]))
    numbers = sorted(chance.sample(range(count * 3 + 10), count), reverse=True)
    slugs = {number: f"slug-{number}" for number in range(count * 3 + 10)}
    items = {number: b"@\x10" * chance.randrange(1, 4) for number in numbers}

    def laid_out(those):
        if not those:
            return None, {}
        row = row_of(sorted(those.items(), reverse=True))
        rows = cut(row, slugs) if len(row.text) > LIMIT else [row]
        blocks = [block_of(one) for one in rows]
        return (blocks, {one.first: one for one in rows}) if is_long(blocks) else (row, {})

    before, rows = laid_out(items)
    picked = [*chance.sample(numbers, min(len(numbers), chance.randrange(4))), chance.randrange(count * 3 + 10)]
    change = {number: chance.choice([None, b"A\x11" * chance.randrange(1, 4)]) for number in picked}
    after = {**items, **change}
    wanted, wanted_rows = laid_out({number: places for number, places in after.items() if places is not None})
    got = changed_list(before, change, slugs, lambda first: rows[first].text)
    assert got.list_ == wanted
    assert {**rows, **got.rows}.items() >= wanted_rows.items()
    if wanted and not isinstance(wanted, list):
        assert dict(items_of(wanted)) == {number: places for number, places in after.items() if places is not None}


def test_one_changed_word_writes_few_files_and_gives_what_all_anew_would():
    pages = archive()
    index = Index(pages)
    assert index.bring_up() is None
    turns = [" ".join(turn.paragraphs) for turn in pages[20].turns]
    turns[11] += " Incroyable absolument."
    index.put(page(pages[20].slug, turns, day=pages[20].date.isoformat(), topics=("mer",)))
    assert index.bring_up() <= 8
    assert index.files == index.anew()
    assert index.bring_up() == 0


def test_pages_that_come_move_and_go_leave_the_index_that_all_anew_would_give():
    pages = archive()
    index = Index(pages[:50])
    index.bring_up()
    for new, old in zip(pages[50:], pages[3:], strict=False):
        index.put(new)
        index.drop(old.slug)
        moved = pages[40]
        index.put(page(moved.slug, SENTENCES, day=new.date.isoformat(), topics=("mer",)))
        index.bring_up()
        assert index.files == index.anew()


def test_an_index_that_is_damaged_or_of_another_making_is_made_anew():
    index = Index(archive(10))
    index.bring_up()
    sound = dict(index.files)
    for path in ("search/fr/top.js", *sorted(path for path in sound if "/documents/" in path)[:1]):
        index.files = sound | {path: b"nonsense"}
        index.put(page("new", SENTENCES))
        index.bring_up()
        assert index.files == index.anew()
        index.drop("new")


def test_an_archive_without_pages_has_an_index_without_words():
    index = Index([])
    index.bring_up()
    assert set(index.files) == {"search/fr/top.js"}
    index.put(page("first", SENTENCES))
    index.bring_up()
    assert index.files == index.anew()


def test_what_is_said_in_english_is_nowhere_in_the_french_index():
    french = page("a", ["Le phare et la mer."])
    index = Index([french])
    index.bring_up()
    assert not any(b"lighthouse" in data for data in index.files.values())
