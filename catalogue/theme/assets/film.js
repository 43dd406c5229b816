/** The interview page: the film and its words as one thing. Without this script the page is complete; it only joins them. */

import { Counter, readFragment } from "./timecode.js";
import { Sentences } from "./sentences.js";
import { followWords } from "./follow.js";
import { drawWave } from "./wave.js";
import { choosePassages } from "./passage.js";
import { wireDownloads } from "./download.js";

const article = document.querySelector("article[data-interview]");
const video = document.getElementById("film");
const facts = JSON.parse(article.querySelector(".desk").dataset.facts);
const turns = [...article.querySelectorAll(".turn[data-ms]")].map((section) => ({
  section,
  start: Number(section.dataset.ms),
  end: Number(section.dataset.end),
}));
const counter = new Counter(facts.film);

/** Brings the film to a media time in milliseconds, and plays from there when asked. The film loads only now. */
function seek(ms, play) {
  const go = () => {
    // Half a frame later: a time that falls on the border between two frames shows the second everywhere.
    video.currentTime = (ms + (500 * counter.under) / counter.over) / 1000;
    if (play) video.play().catch(() => {});
  };
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) return go();
  video.addEventListener("loadedmetadata", go, { once: true });
  if (video.preload !== "metadata") {
    video.preload = "metadata";
    video.load();
  }
  // Playing must be asked within the click, or a browser may refuse it.
  if (play) video.play().catch(() => {});
}

article.classList.add("scripted");
const sentences = new Sentences(video, article, turns, facts.interview.lang);
const page = { article, video, facts, turns, counter, seek, sentences };
const passage = choosePassages(page);
followWords(page);
drawWave(page, passage);
wireDownloads(page, passage);

article.addEventListener("click", (event) => {
  const time = event.target.closest("a.time");
  if (time && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    seek(Number(time.closest(".turn").dataset.ms), true);
    return;
  }
  const said = event.target.closest(".turn[data-ms] .said");
  // A person who selects words is reading or copying, not asking for the film.
  if (!said || event.target.closest("a, button") || !getSelection().isCollapsed || event.defaultPrevented) return;
  seek(sentences.timeAt(event) ?? Number(said.closest(".turn").dataset.ms), true);
});

video.querySelector("source").addEventListener("error", () => {
  document.getElementById("film-missing").hidden = false;
});

/** Opens the page where its address says: a passage, or a moment. An address beyond the film says nothing. */
function openAddress() {
  const told = readFragment(location.hash);
  if (!told || told.in >= counter.duration) return;
  if (told.out === null) {
    seek(told.in, false);
  } else if (told.out > told.in) {
    passage.choose(told.in, Math.min(told.out, counter.duration));
    seek(told.in, false);
  } else {
    return;
  }
  const turn = turns.findLast((each) => each.start <= told.in) ?? turns[0];
  turn?.section.scrollIntoView({ block: "start" });
}

openAddress();
addEventListener("hashchange", openAddress);
