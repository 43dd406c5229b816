/** The passage a reader has chosen, and the words as its handle: a sentence plays, selected words are a passage, brackets
    move its ends. There is either none or a whole one, and the address of the page always says it. */

import { seconds, short } from "./timecode.js";

const id = (name) => document.getElementById(name);

export class Passage {
  /** `value` is {in, out} in milliseconds of media time, or null; `sentences` what is said in it. */
  constructor(counter, sentences) {
    Object.assign(this, { counter, all: sentences, value: null, sentences: [], draft: null, watchers: [], said: null });
  }

  /** Keeps what is to be said until the panel stands that says it. */
  say(...parts) {
    this.said = parts;
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

export function chooseByText({ article, facts, film, passage, sentences }) {
  const words = facts.words.passage;
  const grips = ["in", "out"].map((point) => grip(point, words[`${point}_grip`]));
  let choosing = false;
  let first = null;
  let anchor = null;
  let pressed = false;

  function play(item) {
    anchor = item;
    film.seek(item.start, true);
  }

  /** Two touches in the mode that asks for them; with Shift, the passage goes to where the click was. */
  function point(item, extends_) {
    if (extends_) {
      const { sentences: chosen } = passage;
      if (chosen.length) passage.chooseBetween(item.start < chosen[0].start ? chosen.at(-1) : chosen[0], item);
      else passage.chooseBetween(anchor ?? item, item);
    } else if (!first) {
      first = item;
      passage.chooseBetween(item, item);
      passage.say(words.choose_last);
    } else {
      passage.chooseBetween(first, item);
      setChoosing(false);
    }
  }

  function setChoosing(on) {
    choosing = on;
    first = null;
    article.classList.toggle("choosing", on);
    id("choose").setAttribute("aria-pressed", on);
    id("choose").textContent = on ? words.choose_end : words.choose;
    passage.say(on ? words.choose_first : "");
  }

  /** Selected words, two or more, are a passage of the sentences they lie in. */
  function takeSelection() {
    const selection = getSelection();
    if (pressed || selection.isCollapsed || !/\S\s+\S/u.test(selection.toString())) return;
    const range = selection.getRangeAt(0);
    if (!article.contains(range.commonAncestorContainer)) return;
    const held = sentences.timed.filter((item) => range.intersectsNode(item.element));
    if (held.length) passage.chooseBetween(held[0], held.at(-1));
  }

  article.addEventListener("mousedown", (event) => {
    // Shift and a click would select everything in between as text.
    if (event.shiftKey && sentences.of(event.target)) event.preventDefault();
  });
  article.addEventListener("click", (event) => {
    const time = event.target.closest("a.time");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (time && !event.shiftKey) {
      event.preventDefault();
      film.seek(Number(time.closest(".turn").dataset.ms), true);
    }
    const twin = event.target.closest(".twin span[data-at]");
    // The other column plays, too; its own words are chosen on its own page.
    if (twin && getSelection().isCollapsed) film.seek(Number(twin.dataset.at), true);
    const item = event.target.closest("a, button") ? null : sentences.of(event.target);
    // A person who has just selected words is not asking for the film.
    if (!item || (!getSelection().isCollapsed && !event.shiftKey)) return;
    if (choosing || event.shiftKey) point(item, event.shiftKey);
    else play(item);
  });
  addEventListener("pointerdown", () => (pressed = true));
  for (const event of ["pointerup", "pointercancel"]) addEventListener(event, () => {
    pressed = false;
    setTimeout(takeSelection);
  });
  let settled = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(settled);
    // By finger and by keyboard a selection grows; it is taken when it has been still for a while.
    settled = setTimeout(takeSelection, 500);
  });
  id("choose").hidden = !sentences.timed.length;
  id("choose").addEventListener("click", () => setChoosing(!choosing));
  article.addEventListener("keydown", (event) => event.key === "Escape" && choosing && setChoosing(false));
  /** Sets a point where the film is: at its very frame when it stands still, else at the border of what is being said. */
  passage.point = (point) => {
    const said = film.video.paused ? null : sentences.at(film.now);
    const frame = Math.floor((film.video.currentTime * film.counter.over) / film.counter.under + 1e-6);
    if (point === "in") passage.enter(said?.start ?? film.counter.msOf(frame));
    else passage.leave(said?.end ?? Math.min(film.counter.duration, film.counter.msOf(frame + 1)));
  };
  id("in-now")?.addEventListener("click", () => passage.point("in"));
  id("out-now")?.addEventListener("click", () => passage.point("out"));
  passage.watch(placeGrips);
  placeGrips();

  /** A bracket that can be dragged, or moved by arrows, from sentence to sentence. */
  function grip(end, label) {
    const place = Object.assign(document.createElement("span"), { className: `grip ${end}` });
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: end === "in" ? "[" : "]" });
    button.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!step || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      passage.reach(end, step);
      button.focus({ preventScroll: true });
      place.scrollIntoView({ block: "nearest" });
    });
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      button.setPointerCapture(event.pointerId);
    });
    button.addEventListener("pointermove", (event) => {
      if (!button.hasPointerCapture(event.pointerId)) return;
      const item = sentences.of(document.elementsFromPoint(event.clientX, event.clientY).find((each) => sentences.of(each)));
      const other = end === "in" ? passage.sentences.at(-1) : passage.sentences[0];
      const allowed = item && other && (end === "in" ? item.start <= other.start : item.start >= other.start);
      const now = end === "in" ? passage.sentences[0] : passage.sentences.at(-1);
      if (allowed && item !== now) passage.chooseBetween(item, other);
    });
    place.append(button);
    return { place, button, end, label };
  }

  function placeGrips() {
    const [start, last] = [passage.sentences[0], passage.sentences.at(-1)];
    for (const { place, button, end, label } of grips) {
      if (!start) place.remove();
      else {
        const [beside, ms] = end === "in" ? [start.element, passage.value.in] : [last.element, passage.value.out];
        // Left where it is when nothing moved: it may be held by a finger.
        if ((end === "in" ? beside.previousSibling : beside.nextSibling) !== place) beside[end === "in" ? "before" : "after"](place);
        button.ariaLabel = `${label} (${short(ms)})`;
      }
    }
  }
}
