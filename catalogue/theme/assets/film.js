/** The film: one player of the browser's own, its buttons in words, and exact places in it. */

import { Counter, short } from "./timecode.js";

const id = (name) => document.getElementById(name);

/** Wires the player, and gives what can be done with it. */
export function openFilm(facts) {
  const video = id("film");
  const words = facts.words.film;
  const counter = new Counter(facts.film);
  const film = { video, counter, seek, step, jump, toggle, begun: false, get now() { return Math.round(video.currentTime * 1000); } };
  let wanted = null;
  let failed = false;

  /** Brings the film to a media time in milliseconds, and plays from there when asked. The film loads only now. */
  function seek(ms, play) {
    film.begun = true;
    again();
    const loaded = video.readyState >= HTMLMediaElement.HAVE_METADATA;
    wanted = ms;
    if (loaded) place();
    else if (video.preload !== "metadata") {
      video.preload = "metadata";
      video.load();
    }
    // Playing must be asked within the click, or a browser may refuse it.
    if (play) video.play().catch(() => {});
  }

  function place() {
    if (wanted === null) return;
    // Half a frame later: a time that falls on the border between two frames shows the second everywhere.
    video.currentTime = (wanted + (500 * counter.under) / counter.over) / 1000;
    wanted = null;
  }

  function jump(ms) {
    seek(Math.max(0, Math.min(counter.duration - 1, film.now + ms)), false);
  }

  /** Moves by whole frames, as a stopped film does. */
  function step(frames) {
    video.pause();
    const frame = Math.floor((video.currentTime * counter.over) / counter.under) + frames;
    seek(Math.max(0, Math.min(counter.duration - 1, counter.msOf(frame))), false);
  }

  function toggle() {
    film.begun = true;
    again();
    if (video.paused) video.play().catch(() => {});
    else video.pause();
  }

  /** The film cannot be had, or breaks off. */
  function fail() {
    failed = true;
    wanted ??= video.currentTime > 0 ? film.now : null;
    video.pause();
    id("film-missing").hidden = false;
  }

  /** A film that failed is asked for once more, from where it was. */
  function again() {
    if (!failed) return;
    failed = false;
    id("film-missing").hidden = true;
    video.load();
  }

  function show() {
    id("play").textContent = video.paused ? words.play : words.pause;
    id("mute").textContent = video.muted ? words.unmute : words.mute;
  }

  function tick() {
    const text = `${short(film.now)} / ${short(counter.duration)}`;
    if (id("clock").textContent !== text) id("clock").textContent = text;
  }

  video.addEventListener("loadedmetadata", place);
  // In full screen the picture stands alone, so the browser's own buttons come back.
  document.addEventListener("fullscreenchange", () => (video.controls = document.fullscreenElement === video));
  video.addEventListener("click", () => video.controls || toggle());
  for (const event of ["play", "pause", "volumechange"]) video.addEventListener(event, show);
  for (const event of ["timeupdate", "seeked", "loadedmetadata"]) video.addEventListener(event, tick);
  id("play").addEventListener("click", toggle);
  id("settings").addEventListener("click", ({ currentTarget: button }) => {
    button.ariaExpanded = String(id("set").toggleAttribute("hidden") === false);
  });
  id("mute").addEventListener("click", () => (video.muted = !video.muted));
  id("speed").addEventListener("change", (event) => (video.playbackRate = video.defaultPlaybackRate = Number(event.target.value)));
  id("inset").hidden = !document.pictureInPictureEnabled;
  id("inset").addEventListener("click", () =>
    (document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture()).catch(() => {}));
  id("full").hidden = !video.requestFullscreen;
  id("full").addEventListener("click", () => video.requestFullscreen().catch(() => {}));
  for (const part of [video, video.querySelector("source")]) part.addEventListener("error", fail);
  wireCaptions(video);
  tick();
  document.querySelector(".transport").hidden = false;
  return film;
}

/** One language of captions at a time, or none; a browser's own menu, in full screen, is followed. */
function wireCaptions(video) {
  const select = id("captions");
  if (!select) return;
  const show = () => {
    for (const track of video.textTracks) track.mode = track.language === select.value ? "showing" : "disabled";
  };
  select.addEventListener("change", show);
  video.textTracks.addEventListener("change", () => {
    select.value = [...video.textTracks].find((track) => track.mode === "showing")?.language ?? "";
  });
  for (const track of video.querySelectorAll("track")) {
    const missing = () => (id("captions-missing").hidden = false);
    track.addEventListener("error", missing);
    if (track.readyState === HTMLTrackElement.ERROR) missing();
  }
  show();
}
