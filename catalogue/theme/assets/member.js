/** The bar: who is signed in, and links that remember where one was. A page of a stranger asks the service nothing. */

import { kept } from "./basket.js";

const sign = document.getElementById("sign");
const signIn = sign.querySelector("a");
export const signedIn = () => /(?:^|;\s*)(?:__Host-)?duplex_in=/.test(document.cookie);

const me = () => fetch("/api/me", { headers: { Accept: "application/json" } }).catch(() => null);

async function greet() {
  if (!signedIn()) return;
  const answer = await me();
  if (!answer?.ok) return;
  const { account, accountText, signOutText } = sign.dataset;
  const link = Object.assign(document.createElement("a"), { href: account, textContent: accountText });
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/api/sign-out" });
  form.append(Object.assign(document.createElement("button"), { className: "plainly", textContent: signOutText }));
  sign.replaceChildren(link, form);
  showBasket();
  for (const note of document.querySelectorAll(".account-needed")) note.hidden = true;
}

/** A form that leaves the page leads, when nobody would answer in JSON, to the page that says so. */
function knockFirst(form, page) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const answer = await me();
    if (answer?.headers.get("Content-Type")?.includes("json")) form.submit();
    else location.assign(`${page}#offline`);
  });
}

/** A basket with something in it has its place in the bar; an empty one has none. */
function showBasket() {
  const count = kept().length;
  sign.querySelector(".basket")?.remove();
  if (!count) return;
  const { basket, basketText } = sign.dataset;
  sign.prepend(Object.assign(document.createElement("a"), { className: "basket", href: basket, textContent: `${basketText} (${count})` }));
}

/** Sign-in comes back to the same passage, so the link takes the fragment at the moment it is used. */
function remember() {
  const address = new URL(signIn.href);
  const page = address.searchParams.get("return_to");
  if (!page) return;
  address.search = `?return_to=${encodeURIComponent(page.split("#")[0] + location.hash)}`;
  signIn.href = address;
}

/** The other language opens at the same moment of the film, and an account page keeps the way back. */
function carry(event) {
  const link = event.currentTarget;
  if (link.classList.contains("missing")) return;
  link.search = location.search;
  link.hash = location.hash.startsWith("#t") ? location.hash : "";
}

for (const event of ["pointerdown", "focus", "click"]) {
  signIn.addEventListener(event, remember);
  // First, whichever script came first: an interview knows better where its reader is.
  document.querySelector(".lang a")?.addEventListener(event, carry, { capture: true });
}
// A page brought back by the browser's back button may be older than the session.
for (const [target, event] of [[document, "duplex:basket"], [window, "storage"]]) target.addEventListener(event, showBasket);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = "false";
  greet();
});
const letter = document.querySelector("form.letter");
if (letter) knockFirst(letter, new URL("../newsletter/", new URL(sign.dataset.account, location.origin)).pathname);
// The section one is in: a page poured into the shell cannot know it.
for (const link of document.querySelectorAll(".ways a")) {
  if (location.pathname.startsWith(link.pathname)) link.ariaCurrent = location.pathname === link.pathname ? "page" : "true";
}
// In a step of its own: after this script browsers look for forms.
setTimeout(() => {
  greet();
  showBasket();
});
