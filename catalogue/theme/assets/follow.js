/** The words follow the film: what is being said is marked, and comes gently into view until the reader scrolls. */

const SCROLLING_KEYS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);

/** A second column of the same film, told by the event `duplex:beside`, is marked along. */
export function followWords({ film: { video }, sentences }) {
  const button = document.getElementById("follow");
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  const columns = [{ sentences, now: null }];
  let following = true;
  let moving = 0;

  /** Where words are seen: below the film when it stands on top, above the lower third, and above the passage on a phone. */
  function band() {
    const screen = document.querySelector(".screen");
    const above = getComputedStyle(screen).position === "sticky" ? Math.max(0, screen.getBoundingClientRect().bottom) : 0;
    const sheet = document.querySelector(".rises");
    const below = sheet && getComputedStyle(sheet).position === "fixed" ? sheet.getBoundingClientRect().top - 48 : innerHeight;
    return [above + 12, Math.min(below, innerHeight * 0.72)];
  }

  function bring(smooth) {
    const [top, bottom] = band();
    const place = columns[0].now.element.getBoundingClientRect();
    if (place.top < top || place.top > bottom) {
      clearTimeout(moving);
      // For browsers without `scrollend`.
      moving = setTimeout(rest, 1000);
      scrollTo({ top: scrollY + place.top - top - (bottom - top) / 4, behavior: smooth ? "smooth" : "instant" });
    }
  }

  function show() {
    const ms = video.currentTime * 1000;
    let moved = false;
    for (const column of columns) {
      const item = video.currentTime > 0 ? column.sentences.at(ms) : null;
      if (item === column.now) continue;
      for (const [each, on] of [[column.now, false], [item, true]]) {
        each?.element.classList.toggle("now", on);
        each?.turn.section.classList.toggle("now", on);
      }
      column.now = item;
      moved = true;
    }
    if (!moved || !columns[0].now || !following || video.paused) return;
    if (busy()) lookAway();
    else if (!stillness.matches) bring(true);
  }

  /** Nothing moves under somebody who is typing, or walking through the sentences by keyboard; a click walks nowhere. */
  function busy() {
    const held = document.activeElement;
    return held?.matches("input:not([type=range], [type=checkbox]), select, textarea, .said :focus-visible");
  }

  function rest() {
    clearTimeout(moving);
    moving = 0;
  }

  /** However the page was moved, what is said is out of sight. */
  function lookAway() {
    const place = !moving && columns[0].now?.element.getBoundingClientRect();
    if (place && (place.bottom < 0 || place.top > innerHeight)) pause();
  }

  function pause() {
    if (video.paused || !following) return;
    following = false;
    if (button) button.hidden = false;
  }

  button?.addEventListener("click", () => {
    following = true;
    button.hidden = true;
    if (columns[0].now) bring(!stillness.matches);
  });
  addEventListener("wheel", pause, { passive: true });
  addEventListener("touchmove", pause, { passive: true });
  addEventListener("scrollend", rest);
  addEventListener("scroll", lookAway, { passive: true });
  addEventListener("keydown", (event) => {
    if (SCROLLING_KEYS.has(event.key) && !event.defaultPrevented && !event.target.closest("video, input, select, button, a")) pause();
  });
  for (const event of ["timeupdate", "seeked", "play"]) video.addEventListener(event, show);
  document.addEventListener("duplex:beside", ({ detail }) => {
    columns.length = 1;
    if (detail) columns.push({ sentences: detail, now: null });
    show();
  });
}
