/** Asking for a clip or a film, waiting for it, and giving its link: in words, at the place where it was asked. */

import { fill } from "./passage.js";

const POLL_MS = [400, 600, 1000, 1500, 2000];

export function wireDownloads({ facts }, passage) {
  const { slug: interview, lang } = facts.interview;
  wire(document.getElementById("passage"), facts, () =>
    passage.value && { interview, lang, kind: "clip", in_ms: passage.value.in, out_ms: passage.value.out });
  wire(document.getElementById("whole"), facts, () => ({ interview, lang, kind: "film" }));
}

function wire(form, facts, wanted) {
  const words = facts.words.download;
  const place = form.querySelector(".answer");
  const button = form.querySelector("button:not([type])");
  let working = false;

  function say(...parts) {
    place.classList.remove("alarm");
    place.replaceChildren(...parts.map((part) => (typeof part === "string" ? Object.assign(document.createElement("p"), { textContent: part }) : part)));
  }

  function fail(code) {
    // The page already holds one sentence for each code, for readers without script.
    say((document.getElementById(code) ?? document.getElementById("internal")).textContent);
    place.classList.add("alarm");
  }

  function ready(file) {
    const link = Object.assign(document.createElement("a"), { href: file.url, download: file.filename, className: "go" });
    link.textContent = fill(words.ready_link, { filename: file.filename });
    const facts_ = [file.bytes && size(file.bytes), file.frames && frames(file.frames)].filter(Boolean).join(" · ");
    say(words.ready, link, ...(facts_ ? [facts_] : []), fill(words.valid, { date: moment(file.expires_at) }), words.again);
  }

  const frames = (n) => fill(n === 1 ? facts.words.passage.frames_one : facts.words.passage.frames_many, { n: number(n) });
  const number = (value, digits = 0) => new Intl.NumberFormat(facts.interview.lang, { maximumFractionDigits: digits }).format(value);
  const moment = (iso) =>
    new Intl.DateTimeFormat(facts.interview.lang === "en" ? "en-GB" : facts.interview.lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
  const size = (bytes) =>
    bytes < 1e6 ? fill(words.kilobytes, { n: number(bytes / 1e3) }) : bytes < 1e9 ? fill(words.megabytes, { n: number(bytes / 1e6, 1) }) : fill(words.gigabytes, { n: number(bytes / 1e9, 2) });

  function waitingFor(file) {
    if (file.state === "queued") return say(words.queued);
    const share = Number.isFinite(file.progress) ? file.progress : null;
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", words.making);
    if (share !== null) bar.value = share;
    return say(share === null ? words.making : fill(words.making_progress, { percent: Math.round(share * 100) }), bar);
  }

  /** One request: {status, body}; body is null when it is no JSON. Throws when nobody answers. */
  async function ask(address, options = {}) {
    const answer = await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  }

  async function fetchFile(body) {
    let { status, body: file } = await ask("/api/downloads", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (status === 401) {
      location.assign(`${facts.sign_in}?return_to=${encodeURIComponent(location.pathname + location.hash)}`);
      return;
    }
    for (let turn = 0; ; turn += 1) {
      if (status >= 400 || !file) return fail(file?.code ?? "internal");
      if (file.state === "ready") return ready(file);
      if (file.state === "failed") return fail("failed");
      waitingFor(file);
      await new Promise((done) => setTimeout(done, POLL_MS[Math.min(turn, POLL_MS.length - 1)]));
      ({ status, body: file } = await ask(`/api/downloads/${encodeURIComponent(file.id)}`));
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = wanted();
    if (!body) return fail("bad_passage");
    // A second click while one is being prepared asks for nothing more.
    if (working) return;
    working = true;
    button.setAttribute("aria-disabled", "true");
    say(words.asking);
    try {
      await fetchFile(body);
    } catch {
      fail("offline");
    } finally {
      working = false;
      button.removeAttribute("aria-disabled");
    }
  });
}
