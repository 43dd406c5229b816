"""The moments of a film that search engines are told of."""

from datetime import date

import pytest

from catalogue.interview import Interview, Speaker, Turn
from catalogue.pages.clips import MOST, Clip, clips_of
from catalogue.pages.metadata import json_ld_of
from catalogue.sheet import Sheet, Video

VIDEO = Video(codec="h264", width=1280, height=720, frame_rate="25/1", frames=1)


def interview(*turns: tuple[str, int | None, str], film_ms: int | None = 60_000) -> Interview:
    sheet = None
    if film_ms is not None:
        sheet = Sheet(id="f", version="v", sha256="", bytes=1, container="mp4", duration_ms=film_ms, video=VIDEO)
    return Interview(
        slug="phare",
        lang="fr",
        title="Phare",
        date=date(2026, 3, 14),
        summary="Un résumé.",
        spoken="fr",
        speakers=(Speaker(key="Q", role="interviewer"), Speaker(key="ANNE", name="Anne")),
        turns=tuple(
            Turn(id=f"t{ms}", key=key, name=key, start_ms=ms, paragraphs=tuple(filter(None, text.split("\n"))))
            for key, ms, text in turns
        ),
        sheet=sheet,
    )


def test_a_question_opens_a_clip_that_lasts_until_the_next_or_to_the_end_of_the_film():
    asked = interview(
        ("Q", 1_000, "Vous étiez seule. Aviez-vous peur\u202f?"),
        ("ANNE", 4_000, "Non."),
        ("Q", 20_500, "Et ensuite\u202f?"),
        ("ANNE", None, "Plus tard."),
        ("Q", None, "Hors du film\u202f?"),
    )
    assert clips_of(asked) == (
        Clip("Aviez-vous peur\u202f?", 1_000, 20_500),
        Clip("Et ensuite\u202f?", 20_500, 60_000),
    )


def test_where_nobody_asks_each_turn_is_a_clip():
    told = interview(("ANNE", 0, "J’étais là. Toujours."), ("ANNE", 9_000, "Puis rien."))
    assert clips_of(told) == (Clip("J’étais là.", 0, 9_000), Clip("Puis rien.", 9_000, 60_000))


def test_a_film_whose_transcript_has_no_time_has_none():
    assert clips_of(interview(("Q", None, "Et ensuite\u202f?"), ("ANNE", None, "Rien."))) == ()


def test_of_many_questions_the_longest_are_told_in_their_order():
    starts = [n * 1_000 + (n % 2) * 400 for n in range(MOST + 20)]
    clips = clips_of(interview(*(("Q", ms, f"Question {ms}\u202f?") for ms in starts)))
    assert len(clips) == MOST
    assert [clip.start_ms for clip in clips] == sorted({clip.start_ms for clip in clips})
    assert min(clip.end_ms - clip.start_ms for clip in clips) >= 600


@pytest.mark.parametrize("film_ms", [None, 29_999])
def test_without_a_film_or_with_a_short_one_there_is_none(film_ms):
    assert clips_of(interview(("Q", 0, "Oui\u202f?"), film_ms=film_ms)) == ()


def test_a_name_is_cut_between_words_and_a_turn_without_words_opens_nothing():
    (clip,) = clips_of(interview(("Q", 0, "mot " * 60), ("Q", 5_000, "")))
    assert clip.name.endswith("mot…")
    assert len(clip.name) <= 110


def test_a_clip_has_what_google_asks_of_it():
    said = json_ld_of(interview(("Q", 4_680, "Oui\u202f?"), ("Q", 10_000, "Non\u202f?")), "https://duplex.example")
    page = "https://duplex.example/interviews/phare/"
    assert said["hasPart"] == [
        {"@type": "Clip", "name": "Oui\u202f?", "startOffset": 4.68, "endOffset": 10, "url": f"{page}?t=4.68"},
        {"@type": "Clip", "name": "Non\u202f?", "startOffset": 10, "endOffset": 60, "url": f"{page}?t=10"},
    ]
