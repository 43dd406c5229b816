"""Spliced clips in a real browser: they open, and every seek shows the frame that the clip's clock promises."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from footage.reading.index import Index
from footage.reading.points import Passage
from tests.footage.clips import clip_of

Film = tuple[Path, Index]
Named = Callable[[str], Film]

# Each test frame tells its number in ten cells along its lower edge, dark for 0 and light for 1.
LOOK = """async ([data, times]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const video = document.createElement('video');
  const heard = (name) => new Promise((done, fail) => {
    video.addEventListener(name, done, {once: true});
    video.addEventListener('error', () => fail(new Error(video.error.message)), {once: true});
  });
  const ready = heard('loadeddata');
  video.src = URL.createObjectURL(new Blob([bytes], {type: 'video/mp4'}));
  await ready;
  const canvas = document.createElement('canvas');
  canvas.width = 320; canvas.height = 180;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const seen = [];
  for (const time of times) {
    const there = heard('seeked');
    video.currentTime = time;
    await there;
    // The event may come a moment before the frame is there to be drawn.
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    pen.drawImage(video, 0, 0, 320, 180);
    let number = 0;
    for (let bit = 0; bit < 10; bit++) {
      if (pen.getImageData(bit * 32 + 16, 164, 1, 1).data[1] > 125) number += 1 << bit;
    }
    seen.push([number, video.currentTime]);
  }
  const ended = heard('ended');
  video.muted = true; video.currentTime = Math.max(0, video.duration - 0.3);
  await video.play();
  await ended;
  return [video.duration, seen];
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for all clips."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("closed", Passage(20, 77)),
        ("pyramid", Passage(21, 90)),
        ("open", Passage(15, 88)),
        ("led", Passage(30, 91)),
        ("sliced", Passage(17, 63)),
        ("fifty", Passage(37, 99)),
        ("long", Passage(115, 150)),
    ],
)
def test_a_spliced_clip_plays_and_every_seek_shows_the_right_frame(
    film_named: Named, tmp_path: Path, page: Page, name: str, cut: Passage
) -> None:
    film = film_named(name)
    clip = tmp_path / "clip.mp4"
    # A thread of its own, because the driver of the browser runs a loop in this one.
    with ThreadPoolExecutor(1) as aside:
        assert aside.submit(clip_of, film, cut, clip).result().copied > 0
    rate = float(film[1].rate)
    order = [*range(0, cut.frames, 3), cut.frames - 1, 0, cut.frames // 2]
    times = [(frame + 0.5) / rate for frame in order]
    duration, seen = page.evaluate(LOOK, [base64.b64encode(clip.read_bytes()).decode(), times])
    assert abs(duration - cut.frames / rate) <= 0.03
    assert [number for number, _ in seen] == [cut.first + frame for frame in order]
    assert all(abs(at - time) < 0.001 for (_, at), time in zip(seen, times, strict=True))
