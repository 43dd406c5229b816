/** The sentences of the transcript, in order: where each stands, who says it, and when. */

export class Sentences {
  /** `turns` are sections of the page; a sentence is an element whose `data-at` says, in milliseconds, when it begins. */
  constructor(turns) {
    this.all = [];
    this.timed = [];
    this.byElement = new Map();
    for (const section of turns) {
      const turn = { section, start: Number(section.getAttribute("data-ms")), end: Number(section.getAttribute("data-end")) };
      for (const element of section.querySelectorAll(".said > span")) {
        const item = { element, turn, start: NaN, end: NaN, get text() { return element.textContent; } };
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

  /** The sentence in which a node of the page stands, if it is timed. */
  of(node) {
    const element = (node instanceof Element ? node : node?.parentElement)?.closest("span[data-at]");
    return this.byElement.get(element) ?? null;
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
