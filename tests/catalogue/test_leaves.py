"""The turns of a page stand in leaves, which a browser leaves aside whole while they are far."""

import random
import re

import msgspec
import pytest

from catalogue.interview import Interview
from catalogue.pages.turns import HALF, Turns
from catalogue.reading.parsing import read_page

WORDS = {"interview": {"question": "Question", "play_from": "à {time}", "end_of_excerpt": "Fin"}}
HEAD = """---
title: Une heure
date: 2026-03-14
place: Brest
summary: Une heure.
spoken: fr
speakers:
  - {key: Q, role: interviewer}
  - {key: ANNE, name: Anne, function: gardienne}
topics: [phares]
---

## Transcription

"""


def interview_of(lengths: list[int]) -> Interview:
    said = [f"{'Q' if number % 2 else 'ANNE'} : {'mot ' * (length // 4)}" for number, length in enumerate(lengths)]
    read = read_page((HEAD + "\n\n".join(said)).encode(), path="x.md", slug="x", lang="fr").interview
    assert read is not None
    return read


def leaves_of(html: str) -> list[str]:
    outside = re.sub(r'<div class="leaf">.*?</div>', "", html, flags=re.DOTALL)
    assert outside.strip() == HALF, "every turn is in a leaf"
    before, _, after = html.partition(HALF)
    assert 0 <= after.count('class="leaf"') - before.count('class="leaf"') <= 1
    return re.findall(r'<div class="leaf">(.*?)</div>', html, re.DOTALL)


@pytest.mark.parametrize("most", [40, 400])
def test_leaves_are_of_about_one_length_and_keep_every_turn_in_its_order(most: int) -> None:
    chance = random.Random(f"leaves {most}")
    read = interview_of([chance.randrange(8, most) for _ in range(300)])
    leaves = leaves_of(Turns(read, WORDS).html())
    assert [name for leaf in leaves for name in re.findall(r'id="([^"]+)"', leaf)] == [turn.id for turn in read.turns]
    rooms = [len(re.sub("<[^>]+>", "", leaf)) + 110 * leaf.count("<section") for leaf in leaves[:-1]]
    assert 1000 < min(rooms) < max(rooms) < 1200 + most + 300
    assert len(leaves) < 300 / 2


def test_a_long_speech_has_a_leaf_of_its_own_and_no_turn_no_leaf() -> None:
    leaves = leaves_of(Turns(interview_of([40, 9000, 40]), WORDS).html())
    assert [leaf.count("<section") for leaf in leaves] == [2, 1]
    assert Turns(msgspec.structs.replace(interview_of([40]), turns=()), WORDS).html() == HALF
