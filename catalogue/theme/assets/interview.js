/** The interview page: film and words as one thing. Without this script the page is complete; it only joins its parts. */

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
  open(page);
  addEventListener("hashchange", () => open(page));
}
findWords(sentences);
openBeside(article, sentences);

/** Opens the page where its address says: a passage, a moment, or, beyond the film or backwards, with a word about it.
    Search engines write the moment they lead to as a query, `?t=83.2`: what a reader chooses afterwards goes before it. */
function open({ facts, film, passage }) {
  const told = readFragment(location.hash || location.search.replace("?", "#"));
  if (!told) {
    // A turn by its name, as search leads to it: the browser scrolls there, the film goes to its second.
    const turn = document.getElementById(location.hash.slice(1));
    if (turn?.matches(".turn[data-ms]")) film.seek(Number(turn.dataset.ms), false);
    return;
  }
  const backwards = told.out !== null && told.out <= told.in;
  if (told.in >= film.counter.duration || backwards) return passage.say(facts.words.passage.bad_address);
  if (told.out !== null) passage.choose(told.in, told.out);
  film.seek(told.in, false);
  const item = sentences.at(told.in) ?? sentences.timed[0];
  (item?.element.closest(".turn") ?? article).scrollIntoView({ block: "start" });
}
