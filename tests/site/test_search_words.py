"""The search that runs in the browser, without a server: it has the catalogue's words, and finds what is there."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from catalogue.interview import Speaker
from catalogue.search import gathering, lists
from catalogue.search.frequent import FREQUENT
from catalogue.search.words import chunk_of, closed_up, fold, grouped_numbers
from tests.catalogue.search.pages import SENTENCES, Index, bare, page, plainly
from tests.site.search_desk import find, find_all, opened, pages, slugs, texts


@pytest.fixture(scope="module")
def archive() -> list[Any]:
    return pages()


@pytest.fixture(scope="module")
def searching(browser: Browser, tmp_path_factory: pytest.TempPathFactory, archive: list[Any]) -> Page:
    return opened(browser, tmp_path_factory.mktemp("search"), Index(archive))


@given(st.lists(st.text(st.characters(codec="utf-8", max_codepoint=0x24F), max_size=40), max_size=30))
@settings(max_examples=15)
def test_the_browser_has_the_words_the_catalogue_has(searching: Page, made_up: list[str]) -> None:
    for lang in ("fr", "en"):
        told = [" ".join(text.split()) for text in [*SENTENCES, *made_up]]
        read = searching.evaluate(
            """([texts, lang]) => texts.map(text => {
              const chunks = duplexSearch.chunks(text, lang);
              const other = chunks.flatMap(chunk => [chunk.joined, ...chunk.last]).filter(word => word);
              const numbers = duplexSearch.groupedNumbers(text).map(each => each.text.replace(/[^0-9]/g, ""));
              return [chunks.flatMap(chunk => chunk.words.map(each => each.word)), [...other, ...numbers]];
            })""",
            [told, lang],
        )
        for text, (words, others) in zip(told, read, strict=True):
            chunks = [chunk_of(chunk, lang) for chunk in closed_up(text).split()]
            assert words == [word for chunk in chunks for word in chunk.words], text
            expected = {word for chunk in chunks for word in chunk.others} | set(grouped_numbers(text))
            assert set(others) - set(FREQUENT[lang]) == expected - set(FREQUENT[lang]), text


def test_every_word_is_found_as_it_is_typed_without_accents_and_after_an_elision(
    searching: Page, archive: list[Any]
) -> None:
    asked: dict[str, tuple[str, ...]] = {}
    for chunk in dict.fromkeys(closed_up(" ".join(SENTENCES)).split()):
        # A quotation mark would make a phrase of it.
        typed = chunk.strip("«»“”,.;:!?—")
        if said := chunk_of(typed, "fr").words:
            asked |= dict.fromkeys([typed, bare(typed), typed.upper(), typed.replace("’", "'")], said)
    turns = {one.slug: [set(turn) for turn in said_in(one)] for one in archive}
    for (query, said), found in zip(asked.items(), find_all(searching, list(asked)), strict=True):
        wanted = {slug for slug, those in turns.items() if any(turn.issuperset(said) for turn in those)}
        assert wanted <= slugs(found), query


def said_in(one: Any) -> list[list[str]]:
    turns = [closed_up(" ".join(turn.paragraphs)).split() for turn in one.turns]
    return [[word for chunk in chunks for word in chunk_of(chunk, "fr").words] for chunks in turns]


def test_two_words_of_one_turn_are_found_there_first(searching: Page, archive: list[Any]) -> None:
    chance = random.Random(5)
    for _ in range(40):
        one, other = chance.choice(SENTENCES), chance.choice(SENTENCES)
        words = [chance.choice(plainly(one)).replace("'", ""), chance.choice(plainly(other)).replace("'", "")]
        wanted = {one.slug for one in archive if any(set(words) <= set(text) for text in texts(one))}
        got = find(searching, " ".join(words))
        assert wanted <= slugs(got), words
        places = {
            one.slug: [at + 5 for at, text in enumerate(texts(one)) if set(words) <= set(text)] for one in archive
        }
        for each in got[: len(wanted)]:
            assert each["units"][0] in places[each["slug"]], words


def test_a_phrase_is_found_wherever_it_stands_and_nowhere_else(searching: Page, archive: list[Any]) -> None:
    chance = random.Random(6)
    for _ in range(60):
        words = plainly(chance.choice(SENTENCES))
        start = chance.randrange(len(words))
        phrase = [word.replace("'", "") for word in words[start : start + chance.randint(1, 5)]]
        wanted = {
            one.slug
            for one in archive
            if any(text[at : at + len(phrase)] == phrase for text in texts(one) for at in range(len(text)))
        }
        marks = chance.choice(["“”", "«»", '""', "„“"])
        assert slugs(find(searching, f"{marks[0]}{' '.join(phrase)}{marks[1]}"), 2) == wanted, phrase


def test_phrases_of_nothing_but_frequent_words_are_found_in_short_lists_and_in_long_ones(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A list of pairs is cut at ten thousand interviews; here, at some hundred.
    for module in (lists, gathering):
        monkeypatch.setattr(module, "LIMIT", 500)
    chance = random.Random(3)
    words = ["il", "y", "a", "pas"]
    archive = [
        page(f"page-{at:03}", [" ".join(chance.choices(words, k=24)) for _ in range(chance.choice([1, 120]))])
        for at in range(200)
    ]
    index = Index(archive)
    searching = opened(browser, tmp_path, index)
    assert any("/lists/-.5f.il.5f.y/" in path for path in index.files)
    asked = [["il", "y", "a"], *(chance.choices(words, k=count) for count in (2, 3, 4, 5, 6) for _ in range(3))]
    for phrase in asked:
        size = len(phrase)
        wanted = {
            one.slug
            for one in archive
            if any(turn[at : at + size] == phrase for turn in texts(one) for at in range(len(turn)))
        }
        assert slugs(find(searching, f"« {' '.join(phrase)} »")) == wanted, phrase


def test_a_plural_finds_a_singular_after_the_exact_word(browser: Browser, tmp_path: Path) -> None:
    archive = [page("one", ["Un phare."]), page("two", ["Deux phares."], day="2020-01-01")]
    searching = opened(browser, tmp_path, Index(archive))
    assert [each["slug"] for each in find(searching, "phare")] == ["one", "two"]
    assert [each["slug"] for each in find(searching, "phares")] == ["two", "one"]
    assert [each["slug"] for each in find(searching, "« phares »")] == ["two"]
    assert [each["slug"] for each in find(searching, "phar")] == ["one", "two"]
    assert find(searching, "gardiens") == []


def test_initials_are_found_however_they_are_written_and_none_of_them_alone(browser: Browser, tmp_path: Path) -> None:
    said = ["La SNCF a fermé l’arrêt.", "La S.N.C.F. le dit ; n° 3.", "La S. N. C. F., dit-on.", "Rien que l’O.N.U. !"]
    archive = [page(f"page-{at}", [text, "Quand n, s et f vont."]) for at, text in enumerate(said)]
    searching = opened(browser, tmp_path, Index(archive))
    for typed in ("SNCF", "sncf", "S.N.C.F.", "s.n.c.f", "S. N. C. F.", "s. n. c. f.", "la S.N.C.F", "« la sncf »"):
        assert slugs(find(searching, typed)) == {"page-0", "page-1", "page-2"}, typed
    assert slugs(find(searching, "ONU")) == slugs(find(searching, "l’O.N.U.")) == {"page-3"}
    marked = searching.evaluate(
        """([texts, typed]) => texts.map(text => {
          const words = new Set(duplexSearch.readQuery(typed, "fr").flatMap(group => group.words));
          return duplexSearch.placesOf(text, "fr", words).map(place => text.slice(...place));
        })""",
        [[*said, "n, s"], "S.N.C.F."],
    )
    assert marked == [["SNCF"], ["S.N.C.F."], ["S. N. C. F."], [], []]


def test_a_mother_is_not_the_sea_but_seas_are(browser: Browser, tmp_path: Path) -> None:
    archive = [page("mother", ["Ma mère."]), page("sea", ["Une mer."]), page("seas", ["Deux mers."])]
    searching = opened(browser, tmp_path, Index(archive))
    assert slugs(find(searching, "mer"), 1) == {"sea", "seas"}
    assert slugs(find(searching, "mère"), 2) == {"mother"}
    # While it is being typed, it may become one.
    assert find(searching, "mer")[-1]["slug"] == "mother"


def test_titles_speakers_topics_and_places_weigh_more_than_words_said(browser: Browser, tmp_path: Path) -> None:
    archive = [
        page("said", ["La digue, la digue, la digue."] * 9, day="2026-01-01"),
        page("titled", ["Rien."], title="La digue", day="2001-01-01"),
        page("placed", ["Rien."], place="Digue de mer", day="2002-01-01"),
        page("spoken-by", ["Rien."], speakers=(Speaker(key="A", name="Paul Digue"),), day="2003-01-01"),
        page("about", ["Rien."], topics=("digue",), day="2004-01-01"),
    ]
    searching = opened(browser, tmp_path, Index(archive))
    best = [each["slug"] for each in find(searching, "digue")]
    assert (best[0], best[-1]) == ("titled", "said")
    assert find(searching, "digue", newest=True)[0]["slug"] == "said"
    assert slugs(find(searching, "rien", {"speaker": "paul-digue"})) == {"spoken-by"}
    assert slugs(find(searching, "", {"topic": "digue"})) == {"about"}
    assert slugs(find(searching, "rien", {"year": "2002"})) == {"placed"}
    assert slugs(find(searching, "rien", {"spoken": "en"})) == set()
    assert slugs(find(searching, "rien", {"film": "1"})) == set()


def test_long_lists_are_read_from_the_newest_on_and_to_the_end_when_asked(browser: Browser, tmp_path: Path) -> None:
    chance = random.Random(1)
    archive = [
        page(
            f"page-{at:03}",
            [f"Oui, la mer, le vent et la mer, mot{at} en mer." for _ in range(150)],
            day=f"{1990 + at % 30}-0{1 + at % 9}-01",
        )
        for at in range(260)
    ]
    chance.shuffle(archive)
    index = Index(archive)
    searching = opened(browser, tmp_path, index)
    assert any("/lists/-mer/" in path for path in index.files)
    got = find(searching, "la mer vent", newest=True)
    days = {one.slug: one.date for one in archive}
    assert len(got) == len(archive)
    assert [days[each["slug"]] for each in got] == sorted(days.values(), reverse=True)
    assert [each["slug"] for each in find(searching, "mer mot77")] == ["page-077"]
    assert slugs(find(searching, "“le vent et la mer mot78”")) == {"page-078"}


def test_a_long_interview_lands_on_the_right_turn(browser: Browser, tmp_path: Path) -> None:
    archive = [page("long", [f"Tour numéro{at}, banal." for at in range(700)])]
    searching = opened(browser, tmp_path, Index(archive))
    for at in (0, 27, 59, 60, 61, 130, 699):
        assert find(searching, f"numero{at} banal")[0]["units"] == [at + 5]


def test_near_spellings_are_offered_the_commonest_first(searching: Page) -> None:
    assert find(searching, "uzine") == []
    near = searching.evaluate(
        "(words) => Promise.all(words.map(word => duplexSearch.nearWords(index, word)))",
        ["presquille", "uzine", "lumire", "xyzzy"],
    )
    assert "presquile" in near[0]
    assert near[1][0] == "usine"
    assert near[2][0] == "lumiere"
    assert near[3] == []


def test_what_is_offered_is_spelled_as_the_archive_spells_it(browser: Browser, tmp_path: Path) -> None:
    said = ["La mère de Mercure. Écoutez l’Île-de-Sein !", "J’ai vu l’œuvre ; « Déjà », dit-elle."]
    searching = opened(browser, tmp_path, Index([page("one", said)]))
    assert find(searching, "mere")
    words = ["mere", "mercure", "ecoutez", "oeuvre", "deja", "nowhere"]
    spelled = searching.evaluate("(words) => Promise.all(words.map(word => duplexSearch.spelled(index, word)))", words)
    assert spelled == ["mère", "Mercure", "écoutez", "œuvre", "déjà", "nowhere"]


def test_a_broken_index_is_told_and_asked_for_again(browser: Browser, tmp_path: Path) -> None:
    searching = opened(browser, tmp_path, Index([page("one", ["Un phare."])]))
    top = tmp_path / "search/fr/top.js"
    data = top.read_bytes()
    top.unlink()
    ask = """async () => {
      const index = new duplexSearch.Index("fr", "search/fr/");
      return index.ready.then(() => "ready", () => "told");
    }"""
    assert searching.evaluate(ask) == "told"
    top.write_bytes(data)
    assert searching.evaluate(ask) == "ready"


def test_folding_is_the_same_for_every_letter(searching: Page) -> None:
    letters = [chr(code) for code in range(0x20, 0x3000) if chr(code).isprintable()]
    folded = searching.evaluate("letters => letters.map(duplexSearch.fold)", letters)
    assert not [letter for letter, told in zip(letters, folded, strict=True) if fold(letter) != told]


def test_every_word_that_begins_as_typed_is_found_after_the_words_themselves(browser: Browser, tmp_path: Path) -> None:
    words = [f"mont{one}{other}" for one in "abcdefgh" for other in "aeiou"]
    archive = [page(f"page-{at:02}", [f"Un {word}."], day=f"20{10 + at % 9}-01-01") for at, word in enumerate(words)]
    archive.append(page("exact", ["Le mont."], day="2001-01-01"))
    searching = opened(browser, tmp_path, Index(archive))
    for query, wanted in (("mont", 41), ("montb", 5), ("mo", 41)):
        assert len(found := find(searching, query)) == wanted
        assert (found[0]["slug"] == "exact") == (query == "mont")
    assert len(find(searching, "un mont")) == 40


def test_a_word_that_ends_with_a_letter_and_its_accent_apart_may_go_on(browser: Browser, tmp_path: Path) -> None:
    searching = opened(browser, tmp_path, Index([page("one", ["Un étéou."])]))
    assert [len(find(searching, query)) for query in ("été", "e\u0301te\u0301", "été ")] == [1, 1, 0]


def test_what_is_counted_is_what_can_be_counted(browser: Browser, tmp_path: Path) -> None:
    archive = [page(f"page-{at:02}", ["Le mont, le montagnard."]) for at in range(30)]
    archive.append(page("other", ["La montagne."]))
    # Side by side here and there, but never in this order.
    archive += [page(f"no-{at:03}", ["Étude des rivages et puis rivages étude."], day="2020-01-01") for at in range(50)]
    archive.append(page("yes", ["Les rivages étude."], day="2027-01-01"))
    searching = opened(browser, tmp_path, Index(archive))
    told = searching.evaluate(
        """async (queries) => Promise.all(queries.map(async (query) => {
          const index = new duplexSearch.Index("fr", "search/fr/");
          const search = new duplexSearch.Search(index, duplexSearch.readQuery(query, "fr"));
          await search.begin();
          const shown = (await search.more()).length;
          await search.count();
          return [shown, search.total, search.further, search.done];
        }))""",
        ["mont", "montagne", "mont ", "« le mont »"],
    )
    assert told == [[10, 30, True, False], [1, 1, False, True], [10, 30, False, False], [10, None, False, False]]


def test_nothing_is_asked_for_that_is_not_there(browser: Browser, tmp_path: Path) -> None:
    searching = opened(browser, tmp_path, Index([page("one", ["Un phare, 1936."])]))
    failed: list[str] = []
    searching.on("requestfailed", lambda request: failed.append(request.url))
    for query in ("xyzzy", "zz", "phare xyzzy", "« zut alors »", "9", "19"):
        assert (find(searching, query) != []) == (query == "19")
        searching.evaluate("(word) => duplexSearch.nearWords(index, word)", query)
    assert not failed
