"""A passage of a film as words: the turns and cues heard between two times, counted from the passage's beginning."""

from collections.abc import Iterable, Iterator

import msgspec

from catalogue.exports.cues import Cue, cues_of
from catalogue.interview import Turn

# What was said just outside the passage is told by this mark, as quotations do.
CUT = "[…]"
# A cue's own time is an estimate inside its turn, and nobody reads a flash: one that is heard for less than this is not
# in the passage, unless it is as short itself.
_HEARD_MS = 300


def cues_within(cues: Iterable[Cue], in_ms: int, out_ms: int) -> tuple[Cue, ...]:
    """The cues shown between two media times, shortened to them, and counted from the first."""
    return tuple(
        msgspec.structs.replace(cue, start_ms=max(cue.start_ms, in_ms) - in_ms, end_ms=min(cue.end_ms, out_ms) - in_ms)
        for cue in cues
        if _is_heard(cue, in_ms, out_ms)
    )


def _is_heard(cue: Cue, in_ms: int, out_ms: int) -> bool:
    shown = min(cue.end_ms, out_ms) - max(cue.start_ms, in_ms)
    return shown >= max(1, min(_HEARD_MS, cue.end_ms - cue.start_ms, out_ms - in_ms))


def turns_within(turns: Iterable[Turn], in_ms: int, out_ms: int) -> tuple[Turn, ...]:
    """The turns heard between two media times, counted from the first.

    A turn that is cut keeps the words of its cues that are heard, and the mark `[…]` where it was cut. Turns without
    times are outside every passage.
    """
    return tuple(_heard(turns, in_ms, out_ms))


def _heard(turns: Iterable[Turn], in_ms: int, out_ms: int) -> Iterator[Turn]:
    for turn in turns:
        if turn.start_ms is None or turn.end_ms is None or turn.end_ms <= in_ms or turn.start_ms >= out_ms:
            continue
        start, end = max(turn.start_ms, in_ms) - in_ms, min(turn.end_ms, out_ms) - in_ms
        paragraphs = turn.paragraphs
        if turn.start_ms < in_ms or turn.end_ms > out_ms:
            cues = cues_of([turn])
            heard = [_is_heard(cue, in_ms, out_ms) for cue in cues]
            kept = [cue.text.replace("\n", " ") for cue, here in zip(cues, heard, strict=True) if here]
            if not kept:
                continue
            if len(kept) < len(cues):
                paragraphs = (" ".join([*([] if heard[0] else [CUT]), *kept, *([] if heard[-1] else [CUT])]),)
        # Moments count letters of the whole turn, from the beginning of the film.
        yield msgspec.structs.replace(turn, start_ms=start, end_ms=end, paragraphs=paragraphs, moments=())
