/** The interview page: film and words as one thing. Without this script the page is complete; it only joins its parts.
    The film and the words as its handle come first; the rest follows when the page is seen and at rest. */

import { Passage, chooseByText } from "./passage.js";
import { Sentences, followWords } from "./sentences.js";
import { listenToKeys } from "./keys.js";
import { openFilm } from "./film.js";
import { readFragment, seconds } from "./timecode.js";

const article = document.querySelector("article[data-interview]");
const desk = article.querySelector(".desk");
await pause();
const sentences = new Sentences(article.querySelectorAll(".turn"));
const page = { article, sentences };
await pause();

if (desk) {
  page.facts = JSON.parse(desk.dataset.facts);
  page.film = openFilm(page.facts);
  page.passage = new Passage(page.film.counter, sentences);
  await pause();
  listenToKeys(page);
  await pause();
  chooseByText(page);
  followWords(page);
  await pause();
  open(page);
  addEventListener("hashchange", () => open(page));
}
carryPlace(page);
if (globalThis.Highlight && new URLSearchParams(location.search).get("q")) import("./highlight.js").catch(() => {});
let furnished = false;
const settled = furnish().finally(() => article.classList.toggle("furnished", (furnished = true)));
// What is asked for before anything can answer waits.
desk?.addEventListener("submit", (event) => {
  if (furnished || event.defaultPrevented) return;
  event.preventDefault();
  settled.finally(() => event.target.requestSubmit(event.submitter));
});

/** Gives the processor back: what was clicked meanwhile is answered. */
function pause() {
  return globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));
}

function idle(done) {
  (globalThis.requestIdleCallback ?? setTimeout)(done, { timeout: 2000 });
}

/** Waits until the page is seen and at rest; not for ever, and not when there is a passage to show. */
function rest({ passage }) {
  if (passage?.value || passage?.said) return null;
  return new Promise((done) => {
    passage?.watch(done);
    requestAnimationFrame(() => idle(done));
  });
}

/** Everything that is not needed at first sight. */
async function furnish() {
  await rest(page);
  const rooms = await load().catch(doWithout);
  if (!rooms) return;
  const [{ findWords, openBeside }, panel, download, pictures] = rooms;
  if (page.passage) {
    for (const step of [panel.showPassage, panel.chooseByFields, download.wireTaking]) {
      await pause();
      step(page);
    }
    // The time line's canvas after the frame that shows the panel, not with it.
    await new Promise(idle);
    pictures.drawLine(page);
  }
  await pause();
  findWords(sentences);
  openBeside(article, sentences);
  article.querySelector(".tools").hidden = false;
}

/** The other scripts, all at once: what they import is told, too. A line that was cut is given a second chance. (Browsers
    of before 2026 remember that it failed.) */
async function load() {
  const ask = () => {
    const rooms = page.passage ? [import("./panel.js"), import("./download.js"), import("./pictures.js"), import("./order.js"), import("./basket.js")] : [];
    return Promise.all([import("./reading.js"), ...rooms, import("./say.js")]);
  };
  return ask().catch(async () => {
    await new Promise((done) => {
      setTimeout(done, 2000);
      addEventListener("online", done, { once: true });
    });
    return ask();
  });
}

/** Scripts that do not come are done without, and that is said; the forms must be told the passage. */
function doWithout() {
  const note = document.getElementById("unfurnished");
  note.hidden = false;
  note.querySelector("button").addEventListener("click", () => location.reload());
  document.getElementById("passage")?.addEventListener("formdata", ({ formData }) => {
    for (const [point, ms] of Object.entries(page.passage.value ?? {})) formData.set(`${point}_ms`, ms);
  });
}

/** Opens the page where its address says: a passage, a moment, or, when it says what is not in the film, with a word about
    it. Search engines write the moment they lead to as a query, `?t=83.2`: what a reader chooses afterwards goes before it. */
function open({ facts, film, passage }) {
  const { hash, at, see } = carried();
  const told = readFragment(hash || location.search.replace("?", "#"));
  const backwards = told !== null && told.out !== null && told.out <= told.in;
  const place = document.getElementById(hash.slice(1));
  if (told === null ? !place && /^#t(?:=.|urn-|\d)/.test(hash) : told.in >= film.counter.duration || backwards) {
    if (passage.value) passage.choose();
    return passage.say(facts.words.passage.bad_address);
  }
  if (told === null) {
    // A turn by its name, as search leads to it: the browser scrolls there, the film goes to its second.
    if (place?.matches(".turn[data-ms]")) film.seek(Number(place.dataset.ms), false);
    // The passage stays chosen, and so in the address.
    return passage.write();
  }
  if (told.out !== null) passage.choose(told.in, told.out);
  else if (passage.value) {
    passage.choose();
    history.replaceState(history.state, "", hash);
  }
  film.seek(at ?? told.in, false);
  bringIntoView(see, at ?? told.in);
}

/** Brings into view what was being read in the other language, or else the turn in which a moment lies. */
function bringIntoView(see, ms) {
  const item = sentences.at(see > 0 ? Number(see) : ms) ?? sentences.timed[0];
  const turn = document.getElementById(see ?? "") ?? item?.element.closest(".turn") ?? article;
  const far = item && item.element.getBoundingClientRect().top - turn.getBoundingClientRect().top > innerHeight / 3;
  (far || see > 0 ? item.element : turn).scrollIntoView({ block: "start" });
}

/** What the address brings from the other language: its own fragment, and {at, see} of a reader who was elsewhere. */
function carried() {
  const [hash, ...more] = location.hash.split("&");
  const told = new URLSearchParams(more.join("&"));
  // Copied from now on, the address means the passage alone.
  if (more.length) history.replaceState(history.state, "", location.pathname + location.search + hash);
  const at = Number(told.get("at"));
  return { hash, at: at > 0 ? Math.round(at * 1000) : null, see: told.get("see") };
}

/** Makes the link to the other language lead where the reader is. */
function carryPlace({ article, sentences, film, passage }) {
  const link = document.querySelector(".lang a:not(.missing)");
  const turns = [...article.querySelectorAll(".turn")];

  /** The first turn and sentence in view; null while the words have not been reached. */
  function reading() {
    const screen = article.querySelector(".screen");
    const top = screen && getComputedStyle(screen).position === "sticky" ? Math.max(0, screen.getBoundingClientRect().bottom) : 0;
    // A sliver of a line is not being read.
    const under = (element) => element.getBoundingClientRect().bottom > top + 30;
    const turn = turns.find(under);
    if (!turn || (turn === turns[0] && turn.getBoundingClientRect().top > top)) return null;
    return { turn, item: sentences.timed.find((item) => item.turn.section === turn && under(item.element)) ?? null };
  }

  function placeOf() {
    const read = reading();
    if (!film || (!film.begun && !passage.value)) return read ? `#${read.turn.id}` : "";
    const chosen = passage.value;
    const told = [`#t=${chosen ? `${seconds(chosen.in)},${seconds(chosen.out)}` : seconds(film.now)}`];
    if (chosen && film.begun && Math.abs(film.now - chosen.in) > 100) told.push(`at=${seconds(film.now)}`);
    const said = sentences.at(film.now)?.element.getBoundingClientRect();
    const followed = said && said.bottom > 0 && said.top < innerHeight;
    if (read && !followed) told.push(`see=${read.item?.start ?? read.turn.id}`);
    return told.join("&");
  }

  for (const event of ["pointerdown", "focus", "click"]) link?.addEventListener(event, () => (link.hash = placeOf()));
}
