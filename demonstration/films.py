"""`python -m demonstration.films`: makes the films that are not there yet and takes them into the media store.

One process for each core; what a stopped run had finished is not made again.
"""

import os
import queue
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import active_children, get_context
from multiprocessing.queues import Queue
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from demonstration.cast import FILMS
from demonstration.making import Places, film_named, finish, make_part, part_frames, recipe_of, standing
from footage.errors import FootageError

Told: TypeAlias = "Queue[tuple[str, float]]"
# What to do with which film: a part by its number, or the end of it with its number of frames.
Step: TypeAlias = tuple[Callable[[str, str, Places, int], None], str, int]
# Taking a film in costs about as much as drawing it, so it counts as much on the bar.
_INGEST_SHARE = 1.0
_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 2.0
_told: list[Told] = []


def places_from(environment: Mapping[str, str], root: Path) -> Places:
    """Where things lie: DUPLEX_MEDIA as the settings say. ValueError when the store is a bucket."""
    media = environment.get("DUPLEX_MEDIA", "var/media")
    if "://" in media:
        raise ValueError(f"DUPLEX_MEDIA is {media}: the demonstration is made in a folder. Unset it, or name a folder")
    folder = root / media
    return Places(docs=root / "docs", media=folder, work=folder.parent / "films")


def _begin_worker(told: Told) -> None:
    _told[:] = [told]
    # The parent decides when to stop; leaving by exception lets a running ffmpeg be ended too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _part(name: str, recipe: str, places: Places, number: int) -> None:
    make_part(film_named(name), recipe, places, number, lambda frames: _told[0].put((name, float(frames))))


def _finish(name: str, recipe: str, places: Places, frames: int) -> None:
    done = 0.0

    def tell(part: float) -> None:
        nonlocal done
        _told[0].put((name, (part - done) * frames * _INGEST_SHARE))
        done = part

    finish(film_named(name), recipe, places, tell)


def make_all(recipes: Mapping[str, str], places: Places, workers: int, advance: Callable[[str, float], object]) -> None:
    """Makes the films of these recipes, the longest first. `advance` hears the name and how many frames more.

    Raises what a worker raised; then, and on an interruption, every process is ended before this returns.
    """
    context = get_context("spawn")
    told: Told = context.Queue()
    pool = ProcessPoolExecutor(workers, context, _begin_worker, (told,))
    try:
        waiting: deque[Step] = deque()
        left: dict[str, int] = {}
        for name in sorted(recipes, key=lambda name: -_frames(name, places)):
            left[name] = len(part_frames(film_named(name), places))
            waiting.extend((_part, name, number) for number in range(left[name]))
        running: dict[Future[None], str] = {}
        while waiting or running:
            while waiting and len(running) < workers:
                act, name, number = waiting.popleft()
                running[pool.submit(act, name, recipes[name], places, number)] = name
            for task in wait(running, _LOOK_SECONDS, FIRST_COMPLETED).done:
                task.result()
                name = running.pop(task)
                left[name] -= 1
                if left[name] == 0:
                    # Before other films: the longest one must not come in last and alone.
                    waiting.appendleft((_finish, name, _frames(name, places)))
            _drain(told, advance)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end_workers()
        raise
    pool.shutdown()
    _drain(told, advance)


def _frames(name: str, places: Places) -> int:
    return sum(map(len, part_frames(film_named(name), places)))


def _drain(told: Told, advance: Callable[[str, float], object]) -> None:
    while True:
        try:
            advance(*told.get_nowait())
        except queue.Empty:
            return


def _end_workers() -> None:
    for child in active_children():
        child.terminate()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for child in active_children():
        child.join(max(0.0, deadline - time.monotonic()))
        child.kill()


def main(environment: Mapping[str, str], root: Path) -> int:
    """Exit status 0 when every film stands, 1 with a sentence when one cannot be made, 130 when interrupted."""
    console = Console(stderr=True)
    try:
        places = places_from(environment, root)
        recipes = {film.name: recipe_of(film, places) for film in FILMS}
        missing = {name: recipe for name, recipe in recipes.items() if not standing(film_named(name), recipe, places)}
        if not missing:
            return 0
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        if not console.is_terminal:
            console.print(f"Making {len(missing)} demonstration films, about two minutes, once")
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            bars = {}
            for name in missing:
                bars[name] = progress.add_task(name, total=_frames(name, places) * (1 + _INGEST_SHARE))
            make_all(missing, places, os.cpu_count() or 1, lambda name, frames: progress.advance(bars[name], frames))
    except KeyboardInterrupt:
        console.print("Stopped. What was finished stays; the same command makes the rest")
        return 130
    except (FootageError, ValueError) as error:
        console.print(str(error), soft_wrap=True)
        return 1
    except OSError as error:
        console.print(
            f"{error.filename or 'a file'}: {error.strerror}. Make room or allow writing there, then run it again",
            soft_wrap=True,
        )
        return 1
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # Said again because a shell starts background commands deaf to Ctrl-C; TERM is the same wish from a supervisor.
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, _stop)
    sys.exit(main(os.environ, Path(__file__).parent.parent))
