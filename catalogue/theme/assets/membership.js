/** The member's page: what the service knows of this person, poured into the words that the page holds. */

import { ask, improve, refuse } from "./forms.js";
import { signedIn } from "./member.js";
import { day, moment } from "./say.js";
import { seconds, short } from "./timecode.js";

const LOOK_AGAIN_MS = 2000;
const out = document.querySelector('main form[action="/api/sign-out"]');

/** Asks for everything and shows it; the page of a stranger asks nothing and says so. */
export async function fillPage() {
  if (!signedIn()) return showStranger();
  const [me, downloads, sessions] = await Promise.all(["/api/me", "/api/downloads", "/api/me/sessions"].map((path) => ask(path)));
  if (me.said.code === "not_signed_in") return showStranger();
  if (!me.ok) return refuse(out, { code: me.said.code, retry: me.retry });
  showMember(me.said);
  watch(me.said);
  if (downloads.ok) list("downloads", downloads.said.downloads, showDownload);
  if (sessions.ok) list("sessions", sessions.said.sessions, showSession);
}

/** Nothing on this page serves somebody who is not signed in but the sentence that leads there. */
function showStranger() {
  const errors = document.getElementById("not_signed_in").parentElement;
  for (const part of errors.parentElement.children) part.hidden = part.tagName !== "H1" && part !== errors;
  location.replace("#not_signed_in");
}

const formOf = (path) => document.querySelector(`main form[action="/api/${path}"]`);

/** Whatever a form of this page changes is shown; the language again too, because a form that was sent is emptied. */
function watch(me) {
  formOf("newsletter").addEventListener("done", () => showMember(Object.assign(me, { newsletter: true })));
  formOf("newsletter/leave").addEventListener("done", () => showMember(Object.assign(me, { newsletter: false })));
  formOf("me/lang").addEventListener("done", ({ detail }) => showMember(Object.assign(me, { lang: detail.lang })));
}

function showMember(me) {
  for (const place of document.querySelectorAll("[data-me]")) {
    const value = me[place.dataset.me];
    if ("value" in place) place.value = value;
    else place.textContent = place.dataset[value] ?? value;
  }
  document.getElementById("me").hidden = false;
  formOf("newsletter").hidden = me.newsletter;
  formOf("newsletter/leave").hidden = !me.newsletter;
}

/** One copy of the section's template for each thing; `show` fills it and returns nothing. */
function list(id, things, show) {
  const section = document.getElementById(id);
  const lines = things.map((thing) => {
    const line = section.querySelector("template").content.cloneNode(true).firstElementChild;
    show(line, thing, section.dataset);
    line.querySelectorAll("form").forEach(improve);
    return line;
  });
  section.querySelector("ul").replaceChildren(...lines);
  for (const note of section.querySelectorAll("[data-none]")) note.hidden = things.length > 0;
  for (const note of section.querySelectorAll("[data-some]")) note.hidden = things.length === 0;
  section.hidden = false;
}

function showDownload(line, file, words) {
  const passage = words.clip.replace("{in}", short(file.in_ms)).replace("{out}", short(file.out_ms));
  const fragment = file.kind === "film" ? "" : `#t=${seconds(file.in_ms)},${seconds(file.out_ms)}`;
  const page = `${file.lang === "en" ? "/en" : ""}/interviews/${file.interview}/${fragment}`;
  Object.assign(line.querySelector("[data-title]"), { textContent: file.title ?? file.filename, href: page });
  line.querySelector("[data-what]").textContent = file.kind === "film" ? words.film : passage;
  line.querySelector("[data-as]").textContent = kindOf(file, words);
  recall(line, file, words);
  const [renew, stop] = ["[data-renew]", "[data-stop]"].map((form) => line.querySelector(form));
  const link = line.querySelector("[data-get]");
  renew.action = `/api/downloads/${file.id}/link`;
  stop.action = `/api/downloads/${file.id}/cancel`;
  const show = (now) => {
    const state = now.state === "ready" && !now.url ? "expired" : now.reason === "cancelled" ? "cancelled" : now.state;
    const waiting = state === "queued" || state === "making";
    line.querySelector("[data-state]").textContent = words[state].replace("{date}", moment(now.expires_at));
    link.parentElement.hidden = !now.url;
    if (now.url) Object.assign(link, { href: now.url, download: now.filename });
    renew.hidden = state === "ready" || waiting;
    stop.hidden = !waiting;
    if (waiting) setTimeout(lookAgain, LOOK_AGAIN_MS);
  };
  const lookAgain = async () => {
    const answer = await ask(`/api/downloads/${file.id}`);
    if (answer.ok) show(answer.said);
  };
  renew.addEventListener("done", ({ detail }) => {
    show(detail);
    if (detail.url) link.focus();
  });
  stop.addEventListener("done", ({ detail }) => {
    show(detail);
    renew.querySelector("button").focus();
  });
  show(file);
}

/** What kind of file it is, in which language where it is words, and whether all that belongs to it comes too. */
function kindOf({ profile, words_lang: lang, package: whole }, words) {
  return [words[`as_${profile}`], lang && words[`in_${lang}`], whole && words.package].filter(Boolean).join(", ");
}

/** The film's picture and the passage's words, while the archive shows them. */
function recall(line, { poster, words: said, lang }, words) {
  const [picture, quote] = ["[data-poster]", "[data-words]"].map((part) => line.querySelector(part));
  if (poster) picture.append(Object.assign(new Image(144, 81), { src: poster, alt: "", loading: "lazy" }));
  if (said) Object.assign(quote, { textContent: words.quotation.replace("{words}", () => said), lang, hidden: false });
}

function showSession(line, session, words) {
  line.querySelector("[data-name]").textContent = session.device || words.unknown;
  line.querySelector("[data-current]").textContent = session.current ? `(${words.here})` : "";
  line.querySelector("[data-since]").textContent = words.since.replace("{date}", day(session.created_at));
  line.querySelector("[data-seen]").textContent = words.seen.replace("{date}", moment(session.seen_at));
  const form = line.querySelector("form");
  form.elements.id.value = session.id;
  // This device is signed out by the button at the head of the page.
  form.hidden = session.current;
  form.addEventListener("done", () => line.remove());
}
