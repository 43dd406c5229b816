/** A film in another site's page: it opens where its address says, and stops where the passage ends. Nothing is kept. */

import { Counter, readFragment, short } from "./timecode.js";

const id = (name) => document.getElementById(name);
const video = id("film");
const page = id("page").href;
const counter = new Counter({ frame_rate: video.dataset.rate, start_timecode: "", drop_frame: false, duration_ms: Number(video.dataset.duration) });
const half = (500 * counter.under) / counter.over;
// Whether what plays is the passage: a reader who goes elsewhere in the film is not called back.
let [passage, inside] = [null, false];

function open() {
  const told = readFragment(location.hash);
  const wrong = told === null ? /^#t=./.test(location.hash) : told.in >= counter.duration || (told.out !== null && told.out <= told.in);
  passage = told && !wrong ? { first: counter.frameAt(told.in), end: told.out === null ? null : counter.frameAt(Math.min(told.out, counter.duration)) } : null;
  id("nowhere").hidden = !wrong;
  id("page").href = page + (passage ? location.hash : "");
  const says = id("passage").dataset[passage?.end ? "says" : "moment"];
  id("passage").textContent = passage ? says.replace("{in}", short(told.in)).replace("{out}", short(told.out ?? 0)) : "";
  if (passage) show(passage.first);
}

/** Brings the film to a frame: to its middle, since a border between two frames shows either. */
function show(frame) {
  const place = () => (video.currentTime = (counter.msOf(frame) + half) / 1000);
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) return place();
  video.addEventListener("loadedmetadata", place, { once: true });
  video.preload = "metadata";
  video.load();
}

/** Stops at the out point, once the passage has been entered. */
function look() {
  if (!passage?.end || video.seeking) return;
  const at = video.currentTime * 1000;
  const over = at >= counter.msOf(passage.end) - half / 2;
  if (over && inside) {
    video.pause();
    // What is at the out point is left out: the last picture is the one before it.
    show(passage.end - 1);
  }
  inside = !over && at >= counter.msOf(passage.first) - half;
}

function watch() {
  look();
  if (!video.paused) requestAnimationFrame(watch);
}

video.addEventListener("play", () => {
  // Once more from its in point, when it stands at its end.
  if (passage?.end && Math.abs(video.currentTime * 1000 - counter.msOf(passage.end - 1) - half) < half) show(passage.first);
  watch();
});
video.addEventListener("seeking", () => (inside = false));
// In a window that is not seen nothing is drawn, but the film goes on.
video.addEventListener("timeupdate", look);
video.querySelector("source").addEventListener("error", () => (id("missing").hidden = false));
addEventListener("hashchange", open);
open();
