/** The words follow the film: the turn being said is marked, and comes gently into view until the reader scrolls. */

const SCROLLING_KEYS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);

export function followWords({ video, turns, sentences }) {
  const button = document.getElementById("follow");
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  let current = null;
  let following = true;

  /** Where words are seen: below the film when it stands on top, above the lower third. */
  function band() {
    const screen = document.querySelector(".screen");
    const above = getComputedStyle(screen).position === "sticky" ? Math.max(0, screen.getBoundingClientRect().bottom) : 0;
    return [above + 12, innerHeight * 0.72];
  }

  function bring(smooth) {
    const [top, bottom] = band();
    // The words being said, not the beginning of a long turn.
    const place = (sentences.spoken?.range ?? current.section).getBoundingClientRect();
    if (place.top < top || place.top > bottom) {
      scrollTo({ top: scrollY + place.top - top - (bottom - top) / 4, behavior: smooth ? "smooth" : "instant" });
    }
  }

  function show() {
    const ms = video.currentTime * 1000;
    const turn = video.currentTime > 0 ? turns.find((each) => each.start <= ms && ms < each.end) ?? null : null;
    const said = sentences.spoken;
    sentences.show(turn ? ms : null);
    if (turn !== current) {
      current?.section.classList.remove("now");
      turn?.section.classList.add("now");
      current = turn;
    } else if (said === sentences.spoken) {
      return;
    }
    if (current && following && !stillness.matches && !video.paused && !document.activeElement?.closest("input, select, textarea")) bring(true);
  }

  function pause() {
    if (video.paused || !following) return;
    following = false;
    if (button) button.hidden = false;
  }

  button?.addEventListener("click", () => {
    following = true;
    button.hidden = true;
    if (current) bring(!stillness.matches);
  });
  addEventListener("wheel", pause, { passive: true });
  addEventListener("touchmove", pause, { passive: true });
  addEventListener("keydown", (event) => {
    if (SCROLLING_KEYS.has(event.key) && !event.target.closest("video, input, select, button, a")) pause();
  });
  for (const event of ["timeupdate", "seeked", "play"]) video.addEventListener(event, show);
}
