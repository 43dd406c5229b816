/** Account pages, better with script: errors beside their field, no page reloaded for a wrong code, the way back shown.
 *  Without it the same forms post to the same addresses. */

import { ask, busy, improve } from "./forms.js";
import { keepWay } from "./way.js";

/** Says to which address the code went. Only the browser that gave it is told, and only who came here from another of our
 *  pages asks; the page says it in general for all others. */
async function sayWhere(place) {
  if (!document.referrer.startsWith(location.origin)) return;
  const { ok, said } = await ask(place.dataset.sentTo);
  if (ok) place.textContent = said.email;
}

keepWay();
document.querySelectorAll("[data-sent-to]").forEach(sayWhere);
document.querySelectorAll("form.account").forEach(improve);
// The back button may bring a page back as it was left, with a button still waiting.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll('form[aria-busy="true"]').forEach((form) => busy(form, false));
});
// A page that is left while this comes has no use for it.
if (document.getElementById("me")) import("./membership.js").then((page) => page.fillPage(), () => {});
