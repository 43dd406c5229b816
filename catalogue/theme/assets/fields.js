/** Choosing a passage by typed times, and by the buttons that take the moment where the film is. */

import { fill } from "./say.js";
import { short } from "./timecode.js";

const id = (name) => document.getElementById(name);

export function chooseByFields({ facts, film, passage, sentences }) {
  const words = facts.words.passage;
  const { counter } = film;

  function tellProblem(text, field) {
    id("point-problem").textContent = text;
    for (const name of ["in-time", "out-time"]) id(name).removeAttribute("aria-invalid");
    field?.setAttribute("aria-invalid", "true");
  }

  function typed(field, point) {
    // Leaving a field that nobody changed says nothing.
    if (field.value === (passage.value ? counter.label(passage.value[point]) : "")) return tellProblem("");
    if (!field.value.trim()) return passage.choose();
    const example = facts.film.start_timecode;
    const ms = counter.read(field.value);
    if (ms === null) return tellProblem(fill(words.bad_time, { example }), field);
    const last = point === "in" ? counter.duration - 1 : counter.duration;
    // A label one frame past the last is the end of the film, rounded.
    if (ms > last + (point === "in" ? 0 : 1000 / counter.base)) return tellProblem(fill(words.beyond, { time: short(counter.duration) }), field);
    const start = passage.value?.in ?? passage.draft ?? 0;
    if (point === "out") return ms > start ? passage.choose(start, ms) : tellProblem(words.reversed, field);
    if (passage.value) return passage.enter(ms);
    // An in point alone waits for its out point.
    tellProblem("");
    passage.draft = ms;
    field.value = counter.label(ms);
  }

  for (const point of ["in", "out"]) {
    const field = id(`${point}-time`);
    field.addEventListener("change", () => typed(field, point));
    field.addEventListener("keydown", (event) => {
      // Enter reads the time; the button below asks for the clip.
      if (event.key !== "Enter") return;
      event.preventDefault();
      typed(field, point);
    });
  }
  passage.watch(() => tellProblem(""));

  /** Sets a point where the film is: at its very frame when it stands still, else at the border of what is being said. */
  passage.point = (point) => {
    const said = film.video.paused ? null : sentences.at(film.now);
    const frame = Math.floor((film.video.currentTime * counter.over) / counter.under + 1e-6);
    if (point === "in") passage.enter(said?.start ?? counter.msOf(frame));
    else passage.leave(said?.end ?? Math.min(counter.duration, counter.msOf(frame + 1)));
  };
  id("in-now")?.addEventListener("click", () => passage.point("in"));
  id("out-now")?.addEventListener("click", () => passage.point("out"));
}
