/** The member's page: what the service knows of this person, poured into the words that the page holds. */

import { ask, improve, refuse } from "./account.js";
import { short } from "./timecode.js";

const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const out = document.querySelector('main form[action="/api/sign-out"]');
const day = (iso) => new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(new Date(iso));
const moment = (iso) => new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));

/** Asks for everything and shows it; the page of a stranger asks nothing and says so. */
export async function fillPage() {
  if (!/(?:^|;\s*)(?:__Host-)?duplex_in=/.test(document.cookie)) return showStranger();
  const [me, downloads, sessions] = await Promise.all(["/api/me", "/api/downloads", "/api/me/sessions"].map((path) => ask(path)));
  if (me.said.code === "not_signed_in") return showStranger();
  if (!me.ok) return refuse(out, { code: me.said.code, retry: me.retry });
  showMember(me.said);
  if (downloads.ok) list("downloads", downloads.said.downloads, showDownload);
  if (sessions.ok) list("sessions", sessions.said.sessions, showSession);
}

/** Nothing on this page serves somebody who is not signed in but the sentence that leads there. */
function showStranger() {
  const errors = document.getElementById("not_signed_in").parentElement;
  for (const part of errors.parentElement.children) part.hidden = part.tagName !== "H1" && part !== errors;
  location.replace("#not_signed_in");
}

function showMember(me) {
  for (const place of document.querySelectorAll("[data-me]")) {
    const value = me[place.dataset.me];
    if ("value" in place) place.value = value;
    else place.textContent = place.dataset[value] ?? value;
  }
  document.getElementById("me").hidden = false;
  const subscribe = document.querySelector('main form[action="/api/newsletter"]');
  subscribe.hidden = me.newsletter;
  subscribe.addEventListener("done", () => showMember({ ...me, newsletter: true }));
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
  Object.assign(line.querySelector("[data-title]"), { textContent: file.title, href: file.page });
  const passage = words.clip.replace("{in}", short(file.in_ms ?? 0)).replace("{out}", short(file.out_ms ?? 0));
  line.querySelector("[data-what]").textContent = file.kind === "film" ? words.film : passage;
  const form = line.querySelector("form");
  form.action = `/api/downloads/${file.id}/link`;
  const state = (now) => {
    const alive = now.url && new Date(now.expires_at) > new Date();
    const key = now.state === "ready" && !alive ? "expired" : now.state;
    line.querySelector("[data-state]").textContent = words[key].replace("{date}", alive ? moment(now.expires_at) : "");
    const link = line.querySelector("[data-get]");
    link.parentElement.hidden = !alive;
    if (alive) Object.assign(link, { href: now.url, download: now.filename });
    form.hidden = key !== "expired";
    return link;
  };
  state(file);
  form.addEventListener("done", ({ detail }) => state({ ...file, ...detail }).focus());
}

function showSession(line, session, words) {
  line.querySelector("[data-name]").textContent = session.device;
  line.querySelector("[data-current]").textContent = session.current ? `(${words.here})` : "";
  line.querySelector("[data-since]").textContent = words.since.replace("{date}", day(session.created_at));
  line.querySelector("[data-seen]").textContent = words.seen.replace("{date}", moment(session.seen_at));
  const form = line.querySelector("form");
  form.elements.id.value = session.id;
  // This device is signed out by the button at the head of the page.
  form.hidden = session.current;
  form.addEventListener("done", () => line.remove());
}
