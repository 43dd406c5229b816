/** The passage a reader has chosen: there is either none or a whole one, and the address of the page always says it. */

import { seconds } from "./timecode.js";

export class Passage {
  /** `value` is {in, out} in milliseconds of media time, or null; `sentences` what is said in it. */
  constructor(counter, sentences) {
    Object.assign(this, { counter, all: sentences, value: null, sentences: [], draft: null, watchers: [] });
  }

  /** Calls `seen` whenever the passage has changed. */
  watch(seen) {
    this.watchers.push(seen);
  }

  /** Takes [start, end) as the passage, cut to the film; nothing when called without. */
  choose(start, end) {
    const value = start === undefined ? null : { in: Math.max(0, Math.round(start)), out: Math.min(Math.round(end), this.counter.duration) };
    if (value && value.out <= value.in) return;
    this.draft = null;
    this.value = value;
    this.sentences = value ? this.all.within(value.in, value.out) : [];
    this.write(true);
    this.watchers.forEach((seen) => seen());
  }

  /** Writes the passage into the address; with none, nothing, unless what stands there is to go. */
  write(empties = false) {
    if (!this.value && !empties) return;
    const hash = this.value ? `#t=${seconds(this.value.in)},${seconds(this.value.out)}` : "";
    if (hash !== location.hash) history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  /** Takes whole sentences, in whichever order they were pointed at. */
  chooseBetween(one, other) {
    const [first, last] = one.start <= other.start ? [one, other] : [other, one];
    this.choose(first.start, last.end);
  }

  /** Moves the in point; a passage that would be empty goes on to the end of its sentence. */
  enter(ms) {
    const out = this.value && this.value.out > ms ? this.value.out : (this.all.at(ms)?.end ?? this.counter.duration);
    this.choose(ms, out > ms ? out : this.counter.duration);
  }

  /** Moves the out point; without an in point before it, the passage is the sentence that ends there. */
  leave(ms) {
    const start = this.draft !== null && this.draft < ms ? this.draft : this.value && this.value.in < ms ? this.value.in : null;
    this.choose(start ?? this.all.at(ms - 1)?.start ?? 0, ms);
  }

  /** Moves a point by whole frames, never past the other nor out of the film. */
  nudge(point, frames) {
    if (!this.value) return;
    const moved = { ...this.value, [point]: this.counter.msOf(this.counter.frameAt(this.value[point]) + frames) };
    if (moved.in >= 0 && moved.in < moved.out) this.choose(moved.in, moved.out);
  }

  /** Moves a point by one sentence. */
  reach(point, steps) {
    if (!this.sentences.length) return;
    const item = this.all.beside(point === "in" ? this.sentences[0] : this.sentences.at(-1), steps);
    const moved = { ...this.value, [point]: point === "in" ? item.start : item.end };
    if (moved.in < moved.out) this.choose(moved.in, moved.out);
  }
}
