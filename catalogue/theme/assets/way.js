/** The way back: the page one came from, kept in `?return_to=` from one account page to the next. */

import { readFragment, short } from "./timecode.js";

/** Path, query and fragment of a page of this site; null for anything that could lead elsewhere. */
function pathOf(asked) {
  if (!/^\/(?![/\\])/.test(asked ?? "")) return null;
  const address = new URL(asked, location.origin);
  return address.origin === location.origin ? address.pathname + address.search + address.hash : null;
}

export const way = pathOf(new URLSearchParams(location.search).get("return_to"));

/** An account page's address that remembers where to go afterwards. */
export function towards(page, back = way) {
  const path = pathOf(back);
  return path ? `${page}?return_to=${encodeURIComponent(path)}` : page;
}

/** Fills the forms' hidden fields, the links from one account page to another, and the line that says what comes next. */
export function keepWay() {
  if (!way) return;
  for (const field of document.querySelectorAll('input[name="return_to"]')) field.value = way;
  // Links are told by where they lead: MkDocs writes them relative to the page.
  for (const link of document.querySelectorAll("main a")) {
    const leads = link.origin === location.origin && link.pathname.includes("/account/") && !link.pathname.endsWith("/back");
    if (leads && !link.search) link.href = towards(link.pathname);
  }
  const next = document.querySelector(".next[data-page]");
  if (!next || /^\/(en\/)?$/.test(way)) return;
  const passage = readFragment(new URL(way, location.origin).hash);
  const words = passage?.out == null ? next.dataset.page : next.dataset.passage;
  next.textContent = words.replace("{in}", short(passage?.in ?? 0)).replace("{out}", short(passage?.out ?? 0));
  next.hidden = false;
}
