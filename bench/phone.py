"""A page on a slowed phone: when it is seen, when it can be used, and how long it takes to answer.

The network is throttled as a slow 4G is (150 ms, 1.6 Mb/s down), the processor four times, both for real; times are the
browser's own (W3C Paint Timing, Long Tasks, Event Timing). Interaction to next paint is the slowest answer, as
web-vitals counts it below fifty interactions.
"""

import msgspec
from playwright.sync_api import Page, sync_playwright

_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
_SLOWER = 4
_WATCH = """
window.seen = {first: 0, largest: 0, busy: 0, blocked: 0, slowest: 0};
const watch = (type, each, more) => new PerformanceObserver(list => list.getEntries().forEach(each))
  .observe({type, buffered: true, ...more});
watch('paint', one => one.name === 'first-contentful-paint' && (seen.first = one.startTime));
watch('largest-contentful-paint', one => (seen.largest = one.startTime));
watch('longtask', one => {
  seen.busy = one.startTime + one.duration;
  if (one.startTime > 0) seen.blocked += one.duration - 50;
});
watch('event', one => {
  if (one.interactionId) seen.slowest = Math.max(seen.slowest, one.duration);
}, {durationThreshold: 16});
"""


class Seen(msgspec.Struct, frozen=True):
    """Milliseconds from the beginning of the navigation: first and largest paint, `usable` when it is painted and the
    processor is free; how long it was blocked; and the slowest answer to a click."""

    first: float
    largest: float
    usable: float
    blocked: float
    slowest: float


def seen_on_a_phone(browser: str, flags: list[str], address: str, words: str, *, then: tuple[str, ...] = ()) -> Seen:
    """Opens a page with nothing remembered; clicks on what `words` selects, while the film plays where that plays it,
    and on what `then` selects."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=[*flags, "--mute-audio"])
        page = chromium.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True)
        page.add_init_script(_WATCH)
        told = page.context.new_cdp_session(page)
        told.send("Network.enable")
        told.send("Network.emulateNetworkConditions", _NETWORK)
        told.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        # A browser that has just begun is busy with windows of its own.
        page.wait_for_timeout(1500)
        page.goto(address, wait_until="load", timeout=120_000)
        page.wait_for_timeout(3000)
        loaded = page.evaluate("({...seen})")
        # Answers are the processor's matter: the film must not be waited for.
        told.send("Network.emulateNetworkConditions", {**_NETWORK, "latency": 0, "downloadThroughput": -1})
        page.evaluate("document.querySelector('video').play().catch(() => {})")
        page.wait_for_timeout(500)
        slowest = _slowest(page, words, then)
        chromium.close()
    usable = max(loaded["first"], loaded["busy"])
    return Seen(loaded["first"], loaded["largest"], usable, loaded["blocked"], slowest)


def _slowest(page: Page, words: str, then: tuple[str, ...]) -> float:
    page.evaluate("seen.slowest = 0")
    for number in range(8):
        page.locator(words).nth(3 * number).click(force=True)
        page.wait_for_timeout(400)
    for selector in then:
        page.click(selector)
        page.wait_for_timeout(400)
    return float(page.evaluate("seen.slowest"))
