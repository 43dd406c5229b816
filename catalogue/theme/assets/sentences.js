/** Which words are said when: the captions of this language, found again in the transcript, one stretch of text each.
 *  A browser without highlights, or captions that do not load, leave the page at whole turns. */

const squeezed = (text) => text.replace(/\s+/gu, "");

export class Sentences {
  constructor(video, article, turns, lang) {
    Object.assign(this, { article, turns, items: [], spoken: null });
    const element = video.querySelector(`track[srclang="${lang}"]`);
    if (!element) return;
    const find = () => this.find([...(element.track.cues ?? [])]);
    // A hidden track is loaded and not shown; the one shown by default stays as it is.
    if (element.track.mode === "disabled") element.track.mode = "hidden";
    if (element.readyState === HTMLTrackElement.LOADED) find();
    else element.addEventListener("load", find, { once: true });
  }

  find(cues) {
    const texts = new Map();
    for (const cue of cues) {
      const start = Math.round(cue.startTime * 1000);
      const turn = this.turns.findLast((each) => each.start <= start + 20);
      const words = squeezed(cue.getCueAsHTML().textContent).replace(/^[–—-]/u, "");
      if (!turn || !words) continue;
      if (!texts.has(turn)) texts.set(turn, new Letters(turn.section));
      const range = texts.get(turn).take(words);
      if (range) this.items.push({ turn, range, start, end: Math.round(cue.endTime * 1000) });
    }
    this.fine = this.items.length > 0 && "highlights" in CSS && typeof Highlight === "function";
    this.article.classList.toggle("fine", this.fine);
    this.ready?.();
  }

  /** Marks what is said at a media time. */
  show(ms) {
    if (!this.fine) return;
    const item = ms === null ? null : this.items.find((each) => each.start <= ms && ms < each.end);
    if (item === this.spoken) return;
    this.spoken = item;
    if (!item) return CSS.highlights.delete("spoken");
    const highlight = new Highlight(item.range);
    // What is spoken shows within a chosen passage, too.
    highlight.priority = 1;
    CSS.highlights.set("spoken", highlight);
  }

  /** Media time of the words under a pointer, or null. */
  timeAt(event) {
    const position = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const range = position ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const [node, offset] = position ? [position.offsetNode, position.offset] : [range?.startContainer, range?.startOffset];
    return (node && this.items.find((each) => each.range.isPointInRange(node, offset))?.start) ?? null;
  }

  /** The words of a turn that are said within [start, end): its paragraphs as text, and a range, null for the whole turn. */
  within(turn, start, end) {
    const whole = [...turn.section.querySelectorAll(".said")].map((paragraph) => paragraph.textContent);
    if (start <= turn.start && turn.end <= end) return { text: whole.join("\n"), range: null };
    const inside = this.items.filter(
      (each) => each.turn === turn && Math.min(each.end, end) - Math.max(each.start, start) > (each.end - each.start) / 2,
    );
    if (!inside.length) return this.items.some((each) => each.turn === turn) ? null : { text: whole.join("\n"), range: null };
    const range = document.createRange();
    range.setStart(inside[0].range.startContainer, inside[0].range.startOffset);
    range.setEnd(inside.at(-1).range.endContainer, inside.at(-1).range.endOffset);
    return { text: range.toString().trim(), range };
  }
}

/** The letters of a turn without its spaces, each knowing where it stands. */
class Letters {
  constructor(section) {
    this.text = "";
    this.places = [];
    this.from = 0;
    for (const span of section.querySelectorAll(".said > span")) {
      const node = span.firstChild;
      [...(node?.data ?? "").matchAll(/\S/gu)].forEach((letter) => {
        for (let unit = 0; unit < letter[0].length; unit += 1) this.places.push([node, letter.index + unit]);
        this.text += letter[0];
      });
    }
  }

  take(words) {
    const at = this.text.indexOf(words, this.from);
    if (at < 0) return null;
    this.from = at + words.length;
    const range = document.createRange();
    range.setStart(...this.places[at]);
    const [node, offset] = this.places[this.from - 1];
    range.setEnd(node, offset + 1);
    return range;
  }
}
