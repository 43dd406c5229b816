/** The sentences of the transcript, in order: where each stands, who says it, and when; and following the film. */

const SCROLLING_KEYS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);

/** One sentence: where it stands, in which turn, and from when to when it is said, in milliseconds; NaN where no time is known. */
class Sentence {
  constructor(element, turn) {
    this.element = element;
    this.turn = turn;
    this.start = this.end = NaN;
  }

  get text() {
    return this.element.textContent;
  }
}

export class Sentences {
  /** `turns` are sections of the page; a sentence is an element whose `data-at` says, in milliseconds, when it begins. */
  constructor(turns) {
    this.all = [];
    this.timed = [];
    this.byElement = new Map();
    for (const section of turns) {
      const turn = { section, start: Number(section.getAttribute("data-ms")), end: Number(section.getAttribute("data-end")) };
      for (const element of section.querySelectorAll(".said > span")) {
        const item = new Sentence(element, turn);
        this.all.push(item);
        this.byElement.set(element, item);
        // A long page has thousands: `dataset` would make an object for each.
        const at = element.getAttribute("data-at");
        if (at === null) continue;
        item.start = Number(at);
        item.end = turn.end;
        const before = this.timed.at(-1);
        if (before?.turn === turn) before.end = item.start;
        this.timed.push(item);
      }
    }
  }

  /** The sentence said at a media time; null between sentences. */
  at(ms) {
    const item = this.timed[this.#upTo(ms)];
    return item && ms < item.end ? item : null;
  }

  /** The sentence in which an element stands, if it is timed. */
  of(element) {
    return this.byElement.get(element?.closest("span[data-at]")) ?? null;
  }

  /** The sentence `steps` further on. */
  beside(item, steps) {
    const at = this.timed.indexOf(item) + steps;
    return this.timed[Math.max(0, Math.min(this.timed.length - 1, at))];
  }

  /** The sentences of which more than half is said in [start, end). */
  within(start, end) {
    const found = [];
    for (let at = Math.max(0, this.#upTo(start)); at < this.timed.length && this.timed[at].start < end; at += 1) {
      const item = this.timed[at];
      if (2 * (Math.min(item.end, end) - Math.max(item.start, start)) > item.end - item.start) found.push(item);
    }
    return found;
  }

  /** Index of the last sentence that begins at a media time or before; -1 when none does. */
  #upTo(ms) {
    let [low, high] = [0, this.timed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timed[middle].start <= ms) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The words of some sentences, one text for each turn: {turn, text}; paragraphs stay lines of their own. */
export function wordsOf(items) {
  const parts = [];
  let line = null;
  for (const { turn, element, text } of items) {
    if (parts.at(-1)?.turn !== turn) parts.push({ turn, text });
    else parts.at(-1).text += (element.parentElement === line ? " " : "\n") + text;
    line = element.parentElement;
  }
  return parts;
}

/** A second column of the same film, told by the event `duplex:beside`, is marked along. */
export function followWords({ film: { video }, sentences }) {
  const button = document.getElementById("follow");
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  const columns = [{ sentences, now: null }];
  let following = true;
  let moving = 0;

  /** Where words are seen: below the film, above the lower third, and above the passage on a phone. */
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

  /** Nothing moves under somebody who is typing, or walking through the sentences by keyboard. */
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
