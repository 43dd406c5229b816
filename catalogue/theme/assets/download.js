/** What can be taken: the words of a passage and source, its address, a place in another page; with an account, a clip or
    the film. */

import { order } from "./order.js";
import { bringAnswer, duration, element, fill, frames, id, moment, size } from "./say.js";
import { wordsOf } from "./sentences.js";

/** Puts a text on the clipboard; where that is refused, gives a field to copy from. */
async function copy(text, say, done, failed) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    const box = element("textarea", "", { value: text, rows: 4, readOnly: true, ariaLabel: failed });
    say(failed, box);
    box.select();
  }
}

/** The words of the passage, who says them, of what film, from when to when, where, and whether they were spoken so. */
function quotation({ facts, film, passage }) {
  const words = facts.words.passage;
  const { title, date, translated, spoken } = facts.interview;
  const parts = wordsOf(passage.sentences).map(({ turn, text }) => ({
    who: turn.section.querySelector(".voice b").textContent,
    says: turn.section.dataset.says,
    text,
  }));
  const [only] = parts;
  const said = parts.length === 1 ? fill(words.quotation, { words: only.text }) : parts.map((part) => fill(words.line, part)).join("\n");
  const voices = [...new Set(parts.map((part) => part.says).filter(Boolean))];
  const source = {
    speaker: voices.join(" ; ") || only.who,
    title,
    date,
    in: film.counter.label(passage.value.in),
    out: film.counter.label(passage.value.out),
    url: location.href,
  };
  const origin = fill(translated ? words.quotation_translated : words.quotation_spoken, { language: spoken });
  return [said, fill(words.quotation_source, source), origin].join("\n");
}

/** The element that shows the passage in another site's page; the build wrote all of it but the address. */
function embedding(facts) {
  const address = new URL("embed.html", location.href);
  address.search = "";
  address.hash = location.hash;
  return facts.film.embed.replace("{src}", () => address.href);
}

/** Joins the buttons that copy and the forms that download to what they take. */
export function wireTaking(page) {
  const { facts, passage } = page;
  const words = facts.words.passage;
  const say = (...parts) => passage.say(...parts);
  id("copy-link").addEventListener("click", () => copy(location.href, say, words.link_copied, words.copy_failed));
  id("copy-embed").addEventListener("click", () => copy(embedding(facts), say, words.embed_copied, words.copy_failed));
  id("copy-quotation").addEventListener("click", () => copy(quotation(page), say, words.quotation_copied, words.copy_failed));
  const { slug: interview, lang } = facts.interview;
  const [clip, whole] = [id("passage"), id("whole")];
  wire(clip, facts, () => passage.value && { interview, lang, kind: "clip", ...shapeOf(clip), in_ms: passage.value.in, out_ms: passage.value.out });
  wire(whole, facts, () => ({ interview, lang, kind: "film", ...shapeOf(whole) }));
  for (const form of [clip, whole]) {
    form.elements.profile.addEventListener("change", () => suit(form));
    suit(form);
  }
}

/** Only what a choice needs is asked: words alone have a language; they, lists and one frame have nothing beside them. */
function suit({ elements: { profile, package: whole, words_lang: lang } }) {
  const { alone } = profile.selectedOptions[0].parentElement.dataset;
  whole.disabled = profile.value === "still" || Boolean(alone);
  whole.closest("p").hidden = whole.disabled;
  if (!lang) return;
  lang.disabled = alone !== "words";
  lang.parentElement.hidden = lang.disabled;
}

/** What a form asks of the file. */
const shapeOf = ({ elements: { profile, package: whole, words_lang: lang } }) => ({
  profile: profile.value,
  ...(whole.checked && !whole.disabled && { package: true }),
  ...(lang && !lang.disabled && { words_lang: lang.value }),
});

function wire(form, facts, wanted) {
  const words = facts.words.download;
  const place = form.querySelector(".answer");
  const button = form.querySelector("button:not([type])");
  let working = false;

  function say(...parts) {
    place.classList.remove("alarm");
    place.replaceChildren(...parts.map((part) => (typeof part === "string" ? element("p", part) : part)));
    bringAnswer(form, place);
  }

  function fail(code) {
    // The page already holds one sentence for each code, for readers without script.
    say((id(code) ?? id("internal")).textContent);
    // What the reader stopped is no fault.
    place.classList.toggle("alarm", code !== "cancelled");
  }

  function ready(file) {
    const link = element("a", fill(words.ready_link, { filename: file.filename }), { href: file.url, download: file.filename, className: "go" });
    const told = [file.bytes && size(file.bytes, words), file.frames && frames(file.frames, facts.words.passage)].filter(Boolean).join(" · ");
    const address = new URL(file.url, location.origin).href;
    const done = element("span", "");
    const copier = element("button", words.copy_ready, { type: "button" });
    copier.addEventListener("click", () => copy(address, (...parts) => done.replaceChildren(...parts), words.ready_copied, facts.words.passage.copy_failed));
    const subject = fill(words.mail_subject, { filename: file.filename });
    const mail = element("a", words.mail_ready, { href: `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(address)}` });
    const row = element("p", "", { className: "acts" });
    row.append(copier, mail, done);
    say(words.ready, link, ...(told ? [told] : []), row, `${fill(words.valid, { date: moment(file.expires_at) })} ${words.again}`);
  }

  /** Time left, told from how long the first part took; nothing before there is something to tell it from. */
  function left(share, since) {
    const ms = ((Date.now() - since) * (1 - share)) / share;
    return share < 0.02 || share >= 1 || ms < 1500 ? "" : ` ${fill(words.left, { time: duration(Math.ceil(ms / 1000) * 1000, facts.words.passage) })}`;
  }

  /** What is shown while a file is made: built once, so that whoever stands on the button keeps it as the figures change. */
  function waitingRoom() {
    const told = element("p", "");
    const bar = element("progress", "", { ariaLabel: words.making });
    const button = element("button", words.stop, { type: "button" });
    const row = element("p", "", { className: "acts" });
    const heard = element("span", "");
    row.append(button, heard);
    let give = null;
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true");
      heard.textContent = words.stopping;
      if (await give()) return;
      heard.textContent = words.stop_failed;
      button.removeAttribute("aria-disabled");
    });
    return (file, since, stop) => {
      give = stop;
      const share = file.state !== "queued" && Number.isFinite(file.progress) ? file.progress : null;
      const making = share === null ? words.making : fill(words.making_progress, { percent: Math.round(share * 100) }) + left(share, since);
      const text = file.state === "queued" ? words.queued : making;
      if (told.textContent !== text) told.textContent = text;
      if (share !== null) bar.value = share;
      bar.hidden = file.state === "queued";
      if (told.isConnected) return;
      say(told, bar, row);
    };
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = wanted();
    if (!body) return fail("no_passage");
    // A second click while one is being prepared asks for nothing more.
    if (working) return;
    working = true;
    button.setAttribute("aria-disabled", "true");
    say(words.asking);
    const { file, code } = await order(body, waitingRoom());
    if (place.contains(document.activeElement)) button.focus();
    if (file) ready(file);
    else if (code === "not_signed_in") location.assign(`${facts.sign_in}?return_to=${encodeURIComponent(location.pathname + location.hash)}`);
    else fail(code);
    working = false;
    button.removeAttribute("aria-disabled");
  });
}
