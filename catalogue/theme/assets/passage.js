/** Choosing a passage: by turns, by two clicks, or by two typed times. There is either no passage or a whole one. */

import { seconds, short } from "./timecode.js";

const id = (name) => document.getElementById(name);
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Length in words of the page's language: « 14,04 s · 351 images ». */
export function lengthText(ms, frames, lang, words) {
  const number = (value, digits) => new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);
  const long = ms >= 60_000;
  const time = fill(long ? words.minutes : words.seconds, { m: Math.floor(ms / 60_000), s: number(long ? (ms % 60_000) / 1000 : ms / 1000, long ? 1 : 2) });
  return fill(words.length, { seconds: time, frames: fill(frames === 1 ? words.frames_one : words.frames_many, { n: number(frames) }) });
}

export function choosePassages({ article, video, facts, turns, counter, seek, sentences }) {
  const words = facts.words.passage;
  const watchers = [];
  const form = id("passage");
  const answer = form.querySelector(".answer");
  const passage = { value: null, choosing: false, choose, watch: (seen) => watchers.push(seen) };
  let waiting = null;
  let draft = null;
  let previewing = false;

  /** Takes [start, end) of media time, in milliseconds, as the passage; nothing when called without. */
  function choose(start, end) {
    passage.value = start === undefined ? null : { in: Math.max(0, Math.round(start)), out: Math.min(Math.round(end), counter.duration) };
    draft = null;
    tellProblem("");
    const hash = passage.value ? `#t=${seconds(passage.value.in)},${seconds(passage.value.out)}` : "";
    history.replaceState(history.state, "", location.pathname + location.search + hash);
    show();
  }

  function show() {
    const chosen = passage.value;
    const inside = chosen ? turns.filter((turn) => turn.start < chosen.out && chosen.in < turn.end) : [];
    const parts = inside.map((turn) => ({ turn, part: sentences.within(turn, chosen.in, chosen.out) })).filter((each) => each.part);
    passage.parts = parts;
    for (const { section, start, end } of turns) {
      const at = parts.findIndex((each) => each.turn.section === section);
      const partly = at >= 0 && parts[at].part.range && sentences.fine;
      section.classList.toggle("chosen", at >= 0 && !partly);
      section.classList.toggle("chosen-in", at === 0 && !partly);
      section.classList.toggle("chosen-out", at >= 0 && at === parts.length - 1 && !partly);
      const [enter, leave] = section.querySelectorAll(".points button");
      enter.setAttribute("aria-pressed", chosen?.in === start);
      leave.setAttribute("aria-pressed", chosen?.out === end);
    }
    if (sentences.fine) CSS.highlights.set("chosen", new Highlight(...parts.map((each) => each.part.range).filter(Boolean)));
    for (const [field, point] of [["in-time", "in"], ["out-time", "out"]]) {
      const label = chosen ? counter.label(chosen[point]) : "";
      // A field that is right already is left alone: somebody may be about to type in it.
      if (id(field).value !== label) id(field).value = label;
    }
    id("length").value = chosen
      ? lengthText(chosen.out - chosen.in, counter.frameAt(chosen.out) - counter.frameAt(chosen.in), facts.interview.lang, words)
      : "";
    form.querySelector("h2").firstChild.data = `${chosen ? words.chosen : words.title} `;
    for (const name of ["preview", "copy-quotation", "copy-link", "clear"]) id(name).hidden = !chosen;
    id("copy-quotation").disabled = !parts.length;
    form.classList.toggle("rises", Boolean(chosen));
    document.body.classList.toggle("risen", Boolean(chosen));
    watchers.forEach((seen) => seen());
  }

  function tellProblem(text, field) {
    id("point-problem").textContent = text;
    for (const name of ["in-time", "out-time"]) id(name).toggleAttribute("aria-invalid", false);
    if (field) field.setAttribute("aria-invalid", "true");
  }

  /** The end of the turn in which a moment lies: what a passage with no out point yet is taken to be. */
  const endAfter = (ms) => turns.find((turn) => turn.start <= ms && ms < turn.end)?.end ?? counter.duration;

  function enter(ms) {
    choose(ms, passage.value && passage.value.out > ms ? passage.value.out : endAfter(ms));
  }

  function leave(ms, start) {
    choose(passage.value && passage.value.in < ms ? passage.value.in : start, ms);
  }

  function typed(field, point) {
    // Leaving a field that nobody changed says nothing.
    if (field.value === (passage.value ? counter.label(passage.value[point]) : "")) return;
    if (!field.value.trim()) return choose();
    const example = facts.film.start_timecode;
    const ms = counter.read(field.value);
    if (ms === null) return tellProblem(fill(words.bad_time, { example }), field);
    const last = point === "in" ? counter.duration - 1 : counter.duration;
    // A label one frame past the last is the end of the film, rounded.
    if (ms > last + (point === "in" ? 0 : 1000 / counter.base)) return tellProblem(fill(words.beyond, { time: short(counter.duration) }), field);
    const start = passage.value?.in ?? draft ?? 0;
    if (point === "out") return ms > start ? choose(start, ms) : tellProblem(words.reversed, field);
    if (passage.value) return enter(ms);
    // An in point alone waits for its out point.
    tellProblem("");
    draft = ms;
    field.value = counter.label(ms);
  }

  function setChoosing(on) {
    passage.choosing = on;
    waiting = null;
    article.classList.toggle("choosing", on);
    id("choose").setAttribute("aria-pressed", on);
    id("choose").textContent = on ? words.choose_end : words.choose;
    tell(on ? words.choose_first : "");
  }

  /** Says a sentence in the form's own place for answers. */
  function tell(text, more) {
    answer.classList.remove("alarm");
    answer.replaceChildren(...(text ? [Object.assign(document.createElement("p"), { textContent: text })] : []), ...(more ? [more] : []));
  }

  async function copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      tell(done);
    } catch {
      const box = Object.assign(document.createElement("textarea"), { value: text, rows: 4, readOnly: true });
      box.setAttribute("aria-label", words.copy_failed);
      tell(words.copy_failed, box);
      box.select();
    }
  }

  function quotation() {
    const { title, date, translated } = facts.interview;
    const voices = new Set(passage.parts.map((each) => each.turn.section.dataset.says).filter(Boolean));
    const lines = passage.parts.map(({ turn, part }) => [turn.section.querySelector(".voice b").textContent, part.text]);
    const said = lines.length === 1 ? fill(words.quotation, { words: lines[0][1] }) : lines.map(([who, text]) => fill(words.line, { who, text })).join("\n");
    const values = { speaker: [...voices].join(" ; ") || lines[0][0], title, date, url: location.href };
    values.in = counter.label(passage.value.in);
    values.out = counter.label(passage.value.out);
    return [said, fill(words.quotation_source, values), ...(translated ? [words.quotation_translated] : [])].join("\n");
  }

  function preview() {
    if (previewing) return stop();
    previewing = true;
    id("preview").textContent = words.preview_stop;
    seek(passage.value.in, true);
    const watch = () => {
      if (!previewing) return;
      const at = video.currentTime * 1000;
      if (passage.value && at >= passage.value.out - 15 && at < passage.value.out + 1000 && !video.seeking) {
        video.pause();
        return stop();
      }
      requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  }

  function stop() {
    previewing = false;
    id("preview").textContent = words.preview;
    video.pause();
  }

  for (const { section, start, end } of turns) {
    const points = Object.assign(document.createElement("span"), { className: "points" });
    for (const [text, label, act] of [
      [words.in_here, fill(words.in_here_of, { time: short(start) }), () => enter(start)],
      [words.out_here, fill(words.out_here_of, { time: short(end) }), () => leave(end, start)],
    ]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      button.setAttribute("aria-label", label);
      button.addEventListener("click", act);
      points.append(button);
    }
    section.querySelector(".voice").append(points);
  }

  article.addEventListener("click", (event) => {
    const section = event.target.closest(".turn[data-ms]");
    if (!passage.choosing || !section || event.target.closest("a, button")) return;
    event.preventDefault();
    const turn = turns.find((each) => each.section === section);
    if (!waiting) {
      waiting = turn;
      choose(turn.start, turn.end);
      tell(words.choose_last);
    } else {
      const [first, last] = [waiting, turn];
      setChoosing(false);
      choose(Math.min(first.start, last.start), Math.max(first.end, last.end));
    }
  });
  id("in-time").addEventListener("change", (event) => typed(event.target, "in"));
  id("out-time").addEventListener("change", (event) => typed(event.target, "out"));
  for (const name of ["in-time", "out-time"]) {
    id(name).addEventListener("keydown", (event) => {
      // Enter reads the time; the button below asks for the clip.
      if (event.key === "Enter") {
        event.preventDefault();
        typed(event.target, name === "in-time" ? "in" : "out");
      }
    });
  }
  id("choose").addEventListener("click", () => setChoosing(!passage.choosing));
  id("clear").addEventListener("click", () => {
    tell("");
    choose();
    id("in-time").focus({ preventScroll: true });
  });
  id("copy-link").addEventListener("click", () => copy(location.href, words.link_copied));
  id("copy-quotation").addEventListener("click", () => copy(quotation(), words.quotation_copied));
  id("preview").addEventListener("click", preview);
  video.addEventListener("pause", () => previewing && !video.seeking && stop());

  form.hidden = false;
  form.querySelector(".plain").hidden = true;
  form.querySelector(".typed").hidden = false;
  form.querySelector(".how").textContent = turns.length ? words.how_script : fill(words.typed_hint, { example: facts.film.start_timecode });
  id("choose").hidden = !turns.length;
  sentences.ready = show;
  show();
  return passage;
}
