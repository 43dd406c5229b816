/** The basket's page: passages of several interviews, made and downloaded one after the other. */

import { drop, empty, kept } from "./basket.js";
import { order } from "./order.js";
import { element, fill } from "./say.js";
import { seconds, short } from "./timecode.js";
import { towards } from "./way.js";

const page = document.getElementById("kept");
const words = page.dataset;
const list = page.querySelector("ul");
const everything = document.getElementById("basket-all");
let working = false;

function show() {
  const items = kept();
  list.replaceChildren(...items.map(line));
  page.hidden = items.length === 0;
  document.getElementById("basket-none").hidden = items.length > 0;
}

function line(item) {
  const one = page.querySelector("template").content.cloneNode(true).firstElementChild;
  Object.assign(one.querySelector("[data-title]"), { textContent: item.title, lang: item.lang, href: `${item.url}#t=${seconds(item.in)},${seconds(item.out)}` });
  Object.assign(one.querySelector("[data-words]"), { textContent: item.words && fill(words.said, item), lang: item.lang });
  one.querySelector("[data-what]").textContent = fill(words.passage, { in: short(item.in), out: short(item.out) });
  const remove = one.querySelector("[data-drop]");
  remove.setAttribute("aria-label", fill(words.dropLabel, { title: item.title }));
  remove.addEventListener("click", () => {
    drop(item);
    (list.querySelector("[data-drop]") ?? document.querySelector("h1")).focus();
  });
  one.item = item;
  return one;
}

/** Makes one passage and hands it to the browser; the code of a refusal, or nothing. */
async function fetchOne(one) {
  const { slug: interview, lang, in: in_ms, out: out_ms } = one.item;
  const state = one.querySelector("[data-state]");
  state.textContent = words.asking;
  const halt = one.querySelector("[data-stop]");
  halt.disabled = false;
  const { file, code } = await order({ interview, lang, kind: "clip", in_ms, out_ms }, ({ progress }, since, stop) => {
    state.textContent = Number.isFinite(progress) ? fill(words.making, { percent: Math.round(progress * 100) }) : words.asking;
    halt.hidden = false;
    // Once is enough; a stop that was not heard may be tried again.
    halt.onclick = async () => {
      halt.disabled = true;
      halt.disabled = await stop();
    };
  });
  if (halt === document.activeElement) everything.focus();
  halt.hidden = true;
  if (code === "not_signed_in") location.assign(towards(words.signIn, location.pathname));
  if (code) {
    state.textContent = (document.getElementById(code) ?? document.getElementById("internal")).textContent;
    return code;
  }
  const link = element("a", file.filename, { href: file.url, download: file.filename });
  state.replaceChildren(words.ready, " ", link);
  link.click();
}

everything.addEventListener("click", async () => {
  if (working) return;
  working = true;
  everything.setAttribute("aria-disabled", "true");
  for (const one of list.children) {
    // What stops one stops the others: nobody answers, or nobody is signed in.
    if (["offline", "not_signed_in", "too_many_requests"].includes(await fetchOne(one))) break;
  }
  working = false;
  everything.removeAttribute("aria-disabled");
});
document.getElementById("basket-empty").addEventListener("click", () => {
  empty();
  document.querySelector("h1").focus();
});
document.querySelector("h1").tabIndex = -1;
document.addEventListener("duplex:basket", () => working || show());
// Another page of this site, in another window, may have kept something.
addEventListener("storage", () => working || show());
show();
