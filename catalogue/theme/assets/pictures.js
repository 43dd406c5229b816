/** What is drawn: single frames of the film, and its time line with the sound and the passage. */

import { fill, id } from "./say.js";
import { short } from "./timecode.js";

const STEP = 3;

export async function drawLine({ facts, film, passage }) {
  const { video, counter } = film;
  const canvas = id("wave");
  const thumb = id("line");
  const words = facts.words.film;
  let bars = null;
  let loud = [];
  let held = false;
  let asked = 0;

  /** Once for each picture on the screen, however much changes in between. */
  function draw() {
    asked ||= requestAnimationFrame(paint);
  }

  function paint() {
    asked = 0;
    if (!bars) return;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const style = getComputedStyle(canvas);
    const [red, blue, field, ink] = ["--red", "--blue", "--field", "--ink"].map((name) => style.getPropertyValue(name).trim());
    const pen = canvas.getContext("2d");
    const place = (ms) => (width * ms) / counter.duration;
    const chosen = passage.value;
    const now = held ? Number(thumb.value) : film.now;
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    bars.forEach((tall, bar) => {
      const from = (counter.duration * bar) / bars.length;
      const inside = chosen && chosen.in <= from && from < chosen.out;
      pen.fillStyle = inside ? red : from < now ? blue : field;
      pen.fillRect(bar * STEP, (height - tall) / 2, STEP - 1, tall);
    });
    pen.fillStyle = red;
    for (const point of chosen ? [chosen.in, chosen.out] : []) pen.fillRect(Math.min(width - 2, place(point)), 0, 2, height);
    pen.fillStyle = ink;
    if (now > 0) pen.fillRect(Math.min(width - 2, place(now)), 0, 2, height);
  }

  /** The heights of the bars, once for each width; without sound known, one thin line. */
  function measure() {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    const count = Math.max(1, Math.floor(width / STEP));
    const loudest = loud.reduce((most, one) => Math.max(most, one), 1);
    bars = Array.from({ length: count }, (_, bar) => {
      const [first, last] = [bar, bar + 1].map((edge) => Math.floor((loud.length * edge) / count));
      let most = 0;
      for (let at = first; at < Math.max(first + 1, last); at += 1) most = Math.max(most, loud[at] ?? 0);
      return Math.max(2, (most / loudest) * (height - 6));
    });
    paint();
  }

  function tell() {
    if (!held) thumb.value = film.now;
    thumb.setAttribute("aria-valuetext", fill(words.clock, { at: short(Number(thumb.value)), of: short(counter.duration) }));
    draw();
  }

  thumb.addEventListener("input", () => {
    held = true;
    film.seek(Math.min(Number(thumb.value), counter.duration - 1), false);
    tell();
  });
  for (const event of ["change", "blur"]) thumb.addEventListener(event, () => (held = false));
  thumb.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -5e3, ArrowDown: -5e3, ArrowRight: 5e3, ArrowUp: 5e3, PageDown: -3e4, PageUp: 3e4, Home: -1e9, End: 1e9 }[event.key];
    if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    film.jump(by);
  });
  new ResizeObserver(measure).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  for (const event of ["timeupdate", "seeked"]) video.addEventListener(event, tell);
  passage.watch(draw);
  tell();
  peek(facts.film.storyboard, thumb, counter);
  if (!facts.film.peaks) return;
  const answer = await fetch(facts.film.peaks).catch(() => null);
  if (!answer?.ok) return;
  loud = ((await answer.json().catch(() => null))?.peaks ?? []).filter(Number.isFinite);
  if (bars) measure();
}

/** Shows the moment under the pointer; the storyboard is fetched when a pointer first comes. */
function peek(address, thumb, counter) {
  const canvas = id("peek");
  let board = null;
  if (!address) return;

  async function load() {
    const answer = await fetch(address).catch(() => null);
    const cues = [...((await answer?.text()) ?? "").matchAll(/([\d:.]+) --> ([\d:.]+).*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g)];
    if (!cues.length) return;
    const sheet = new Image();
    sheet.src = new URL(cues[0][3], new URL(address, location.href));
    await sheet.decode().catch(() => (board = null));
    board = { sheet, cues: cues.map(([, from, to, , ...box]) => ({ end: time(to), box: box.map(Number) })) };
  }

  const time = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;

  thumb.addEventListener("pointermove", (event) => {
    board ??= (load(), { cues: [] });
    const ms = Math.max(0, Math.min(1, event.offsetX / thumb.clientWidth)) * counter.duration;
    const cue = board.cues.find((each) => ms < each.end) ?? board.cues.at(-1);
    if (!cue || event.pointerType === "touch") return;
    const [x, y, w, h] = cue.box;
    const pen = canvas.getContext("2d");
    pen.drawImage(board.sheet, x, y, w, h, 0, 0, canvas.width, canvas.height);
    pen.font = "600 15px monospace";
    pen.fillStyle = "#000c";
    pen.fillRect(4, canvas.height - 24, pen.measureText(short(ms)).width + 12, 20);
    pen.fillStyle = "#fff";
    pen.fillText(short(ms), 10, canvas.height - 9);
    canvas.hidden = false;
    canvas.style.left = `${Math.max(0, Math.min(thumb.clientWidth - canvas.width, event.offsetX - canvas.width / 2))}px`;
  });
  for (const event of ["pointerleave", "pointercancel"]) thumb.addEventListener(event, () => (canvas.hidden = true));
}

/** Pictures of single frames, drawn from the film that is played, by a second player that nobody sees. */
export class Stills {
  constructor({ video, counter }) {
    Object.assign(this, { source: video.querySelector("source").src, counter, asked: new Map(), player: null, working: false });
  }

  /** Draws a frame on a canvas, as soon as it is there; a later wish for the same canvas takes its place. */
  show(canvas, frame) {
    if (canvas.dataset.frame === String(frame)) return;
    this.asked.set(canvas, frame);
    const name = canvas.ariaLabel.split(",")[0];
    canvas.ariaLabel = `${name}, ${this.counter.label(this.counter.msOf(frame))}`;
    this.#work();
  }

  async #work() {
    if (this.working) return;
    this.working = true;
    while (this.asked.size) {
      const [[canvas, frame]] = this.asked;
      this.asked.delete(canvas);
      if (!(await this.#go(frame))) break;
      canvas.getContext("2d").drawImage(this.player, 0, 0, canvas.width, canvas.height);
      canvas.dataset.frame = frame;
    }
    this.working = false;
  }

  /** Brings the unseen player to the middle of a frame; false when the film does not load. */
  #go(frame) {
    this.player ??= Object.assign(document.createElement("video"), { muted: true, playsInline: true, preload: "auto", src: this.source });
    const place = () => (this.player.currentTime = ((frame + 0.5) * this.counter.under) / this.counter.over);
    return new Promise((done) => {
      const end = (drawn) => {
        this.player.removeEventListener("seeked", good);
        this.player.removeEventListener("error", bad);
        done(drawn);
      };
      const good = () => end(true);
      const bad = () => end(false);
      this.player.addEventListener("seeked", good);
      this.player.addEventListener("error", bad);
      if (this.player.error) return bad();
      if (this.player.readyState >= HTMLMediaElement.HAVE_METADATA) place();
      else this.player.addEventListener("loadedmetadata", place, { once: true });
    });
  }
}
