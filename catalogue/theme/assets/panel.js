/** The passage, shown: marked in the words, with its length, its size, its two frames, and what can be done with it. */

import { keep } from "./basket.js";
import { bringAnswer, duration, element, fill, frames, id, size } from "./say.js";
import { Stills } from "./pictures.js";
import { short } from "./timecode.js";

export function showPassage({ facts, film, passage, sentences }) {
  const words = facts.words.passage;
  const { counter, video } = film;
  const form = id("passage");
  const answer = form.querySelector(".answer");
  const stills = new Stills(film);
  let marked = [];
  let looping = false;
  let own = false;

  const { said } = passage;
  passage.say = (text, ...more) => {
    answer.classList.remove("alarm");
    answer.replaceChildren(...(text ? [element("p", text)] : []), ...more);
    if (text) bringAnswer(form, answer);
  };

  function mark() {
    for (const { element: each } of marked) each.classList.remove("chosen");
    marked = passage.sentences;
    for (const { element: each } of marked) each.classList.add("chosen");
  }

  function facts_() {
    const { in: start, out } = passage.value;
    const count = counter.frameAt(out) - counter.frameAt(start);
    const bytes = (facts.film.bytes * (out - start)) / counter.duration;
    const estimate = facts.film.bytes && id("profile").value === "master" ? [fill(words.estimate, { size: size(bytes, facts.words.download) })] : [];
    return [duration(out - start, words), frames(count, words), ...estimate].join(" · ");
  }

  function show() {
    const chosen = passage.value;
    mark();
    // What was said before goes; a file stays.
    if (!answer.querySelector("a, button, textarea")) passage.say("");
    for (const point of ["in", "out"]) {
      const label = chosen ? counter.label(chosen[point]) : "";
      // A field that is right already is left alone: somebody may be about to type in it.
      if (id(`${point}-time`).value !== label) id(`${point}-time`).value = label;
    }
    id("length").value = chosen ? facts_() : "";
    form.querySelector("h2").firstChild.data = `${chosen ? words.chosen : words.title} `;
    form.querySelector(".taken").hidden = !chosen;
    id("copy-quotation").disabled = chosen !== null && !passage.sentences.length;
    form.querySelector(".how").hidden = Boolean(chosen);
    form.classList.toggle("rises", Boolean(chosen));
    document.body.classList.toggle("risen", Boolean(chosen));
    if (looping && !chosen) stop();
    else if (looping && (film.now < chosen.in || film.now >= chosen.out)) again();
    picture();
  }

  function picture() {
    const open = id("adjust").getAttribute("aria-pressed") === "true" && passage.value;
    form.classList.toggle("adjusting", Boolean(open));
    for (const part of form.querySelectorAll(".nudge")) part.hidden = !open;
    if (!open) return;
    stills.show(id("in-frame"), counter.frameAt(passage.value.in));
    // What is at the out point is left out: the last picture is the one before it.
    stills.show(id("out-frame"), counter.frameAt(passage.value.out) - 1);
  }

  function loop() {
    if (looping) return stop();
    looping = true;
    id("loop").textContent = words.loop_stop;
    again();
    requestAnimationFrame(watch);
  }

  function again() {
    own = true;
    film.seek(passage.value.in, true);
  }

  function watch() {
    if (!looping) return;
    const half = (500 * counter.under) / counter.over;
    if (!video.seeking && video.currentTime * 1000 >= passage.value.out - half) again();
    requestAnimationFrame(watch);
  }

  /** Ends the loop; what plays goes on. */
  function release() {
    looping = false;
    id("loop").textContent = words.loop;
  }

  function stop() {
    release();
    video.pause();
  }

  id("loop").addEventListener("click", loop);
  // A pause that the reader asked for ends the loop; the one at the film's very end does not.
  video.addEventListener("pause", () => looping && !video.seeking && !video.ended && stop());
  video.addEventListener("ended", () => looping && again());
  // Who asks for another place in the film is not called back to the passage.
  video.addEventListener("seeking", () => {
    const elsewhere = looping && (film.now < passage.value.in || film.now >= passage.value.out);
    if (elsewhere && !own) release();
    own = false;
  });
  id("adjust").addEventListener("click", ({ currentTarget: button }) => {
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    picture();
  });
  form.addEventListener("click", ({ target }) => {
    const { nudge, by } = target.dataset;
    if (nudge) passage.nudge(nudge, Number(by));
  });
  id("clear").addEventListener("click", () => {
    passage.choose();
    passage.say(words.cleared);
    id("in-time").focus({ preventScroll: true });
  });
  id("keep").addEventListener("click", () => {
    const { slug, lang, title } = facts.interview;
    const said = passage.sentences.map((each) => each.text).join(" ");
    const item = { slug, lang, title, url: location.pathname, ...passage.value, words: said.length > 160 ? `${said.slice(0, 159)}…` : said };
    const done = keep(item);
    const link = element("a", words.basket_open, { href: facts.basket });
    passage.say(done ? words.kept : words.not_kept, ...(done ? [link] : []));
  });
  id("profile").addEventListener("change", show);
  passage.watch(show);
  form.hidden = false;
  form.querySelector(".typed").hidden = false;
  form.querySelector(".how").textContent = sentences.timed.length ? words.how_script : fill(words.typed_hint, { example: facts.film.start_timecode });
  show();
  if (said) passage.say(...said);
}

/** Choosing a passage by typed times. */
export function chooseByFields({ facts, film, passage }) {
  const words = facts.words.passage;
  const { counter } = film;

  function tellProblem(text, field) {
    id("point-problem").textContent = text;
    for (const name of ["in-time", "out-time"]) id(name).removeAttribute("aria-invalid");
    field?.setAttribute("aria-invalid", "true");
  }

  function typed(point) {
    const field = id(`${point}-time`);
    // Leaving a field that nobody changed says nothing.
    if (field.value === (passage.value ? counter.label(passage.value[point]) : "")) return tellProblem("");
    if (!field.value.trim()) return passage.choose();
    const example = facts.film.start_timecode;
    const ms = counter.read(field.value);
    if (ms === null) return tellProblem(fill(words.bad_time, { example }), field);
    const last = point === "in" ? counter.duration - 1 : counter.duration;
    // A label one frame past the last is the end of the film, rounded.
    if (ms > last + (point === "in" ? 0 : 1000 / counter.base)) return tellProblem(fill(words.beyond, { time: short(counter.duration) }), field);
    const start = passage.value?.in ?? passage.draft;
    // An unread in point comes first.
    if (point === "out" && start === null && id("in-time").value) return typed("in");
    if (point === "out") return ms > start ? passage.choose(start ?? 0, ms) : tellProblem(words.reversed, field);
    if (passage.value) return passage.enter(ms);
    // An in point alone waits for its out point, if none is written.
    passage.draft = ms;
    field.value = counter.label(ms);
    typed("out");
  }

  for (const point of ["in", "out"]) {
    const field = id(`${point}-time`);
    field.addEventListener("change", () => typed(point));
    field.addEventListener("keydown", (event) => {
      // Enter reads the time; the button below asks for the clip.
      if (event.key !== "Enter") return;
      event.preventDefault();
      typed(point);
    });
  }
  passage.watch(() => tellProblem(""));
}
