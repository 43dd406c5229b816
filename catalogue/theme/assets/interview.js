/** The interview page: film and words as one thing. Without this script the page is complete; it only joins its parts. */

import { carried, carryPlace } from "./carry.js";
import { openBeside } from "./beside.js";
import { chooseByFields } from "./fields.js";
import { chooseByText } from "./choosing.js";
import { copyButtons } from "./quotation.js";
import { drawLine } from "./line.js";
import { findWords } from "./find.js";
import { followWords } from "./follow.js";
import { listenToKeys } from "./keys.js";
import { openFilm } from "./film.js";
import { Passage } from "./passage.js";
import { readFragment } from "./timecode.js";
import { Sentences } from "./sentences.js";
import { showPassage } from "./panel.js";
import { wireDownloads } from "./download.js";

const article = document.querySelector("article[data-interview]");
const desk = article.querySelector(".desk");
article.classList.add("scripted");
article.querySelector(".tools")?.toggleAttribute("hidden", false);
const sentences = new Sentences(article.querySelectorAll(".turn"));

if (desk) {
  const facts = JSON.parse(desk.dataset.facts);
  const film = openFilm(facts);
  const passage = new Passage(film.counter, sentences);
  const page = { article, facts, film, sentences, passage };
  showPassage(page);
  chooseByFields(page);
  chooseByText(page);
  copyButtons(page);
  drawLine(page);
  listenToKeys(page);
  followWords(page);
  wireDownloads(page);
  carryPlace(page);
  open(page);
  addEventListener("hashchange", () => open(page));
} else {
  carryPlace({ article, sentences });
}
findWords(sentences);
openBeside(article, sentences);

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
