/** Forms that answer in the page: what is wrong, what the service says, how long to wait. Every sentence stands in the page, one
 *  for each of the service's codes. */

import { signedIn } from "./member.js";
import { addShow, tickRules, weakness } from "./password.js";
import { towards } from "./way.js";

const RESEND_SECONDS = 60;
const title = document.title;
let told = null;
const digits = (text) => text.replace(/\D/g, "").slice(0, 8);

/** Makes one form answer in the page. */
export function improve(form) {
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.ariaBusy !== "true") send(form);
  });
  for (const list of form.querySelectorAll(".rules")) tickRules(list);
  for (const field of form.querySelectorAll("[data-show]")) addShow(field);
  for (const input of form.querySelectorAll("input.code")) groupDigits(input);
  // The code was sent when the page before this one was left: a new one is not given before its minute is over.
  const [arrival] = performance.getEntriesByType("navigation");
  if (form.dataset.wait && arrival?.type === "navigate" && document.referrer.startsWith(location.origin)) holdBack(form);
}

/** Asks the service: {status, said, retry}; said.code is `offline` when nobody answered. */
export async function ask(address, body) {
  const headers = { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) };
  const options = body === undefined ? { headers } : { method: "POST", headers, body: body && JSON.stringify(body) };
  try {
    const answer = await fetch(address, options);
    const said = await answer.json().catch(() => null);
    // A refusal that is no JSON of ours comes from whatever stands before a service that is down.
    return { status: answer.status, ok: answer.ok, said: said ?? (answer.ok ? {} : { code: "offline" }), retry: Number(answer.headers.get("Retry-After")) };
  } catch {
    return { status: 0, ok: false, said: { code: "offline" }, retry: 0 };
  }
}

async function send(form) {
  clear();
  const wrong = mistake(form);
  if (wrong) return refuse(form, wrong);
  const body = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value || name !== "return_to"));
  if (body.code) body.code = digits(body.code);
  busy(form, true);
  const answer = await ask(form.getAttribute("action"), Object.keys(body).length ? body : null);
  busy(form, false);
  // The service cannot know that what it sent to be kept was refused.
  if (answer.ok && form.dataset.kept && !signedIn()) refuse(form, { code: form.dataset.kept });
  else if (answer.ok) succeed(form, answer);
  // Who goes back to the code that has opened the account is a member already.
  else if (answer.said.code === form.dataset.already && signedIn()) location.replace(towards(form.dataset.next));
  else refuse(form, { code: answer.said.code, retry: answer.retry });
}

/** What can be told without asking: {input, code} or {input, words}; null when the form may go. */
function mistake(form) {
  for (const input of form.querySelectorAll("input[required]")) {
    const empty = input.value === "" || (input.name === "code" && digits(input.value).length < 8);
    if (empty) return { input, words: input.dataset.missing };
    if (input.validity.typeMismatch) return { input, code: "bad_email" };
    const weak = input.autocomplete === "new-password" && weakness(input.value);
    if (weak) return { input, code: weak };
  }
  return null;
}

/** Brings the page's own sentence for a refusal beside its field, or to the head of its form, and the reader with it. */
export function refuse(form, { code, input = null, words = null, retry = 0 }) {
  clear();
  const known = document.getElementById(code ?? "") ?? document.getElementById("internal");
  const sentence = words ? Object.assign(document.createElement("p"), { textContent: words, id: "missing" }) : known;
  const named = input ?? known.closest(".field")?.querySelector("input") ?? form.querySelector(`[data-refusal="${CSS.escape(code ?? "")}"]`);
  const field = form.contains(named) ? named : null;
  const after = sentence.querySelector("[data-after]");
  if (after && retry > 0) after.textContent = after.dataset.after.replace("{wait}", retry < 90 ? `${retry}\u202fs` : `${Math.ceil(retry / 60)}\u202fmin`);
  told = { sentence, home: sentence.parentElement, field, described: field?.getAttribute("aria-describedby") ?? "" };
  sentence.classList.add("alarm");
  if (field) {
    field.before(sentence);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${sentence.id} ${told.described}`.trim());
  } else {
    sentence.tabIndex = -1;
    form.prepend(sentence);
  }
  document.title = form.dataset.error + title;
  (field ?? sentence).focus();
}

/** Puts the last refusal back where it came from. */
function clear() {
  if (told) {
    const { sentence, home, field, described } = told;
    sentence.classList.remove("alarm");
    if (home) home.append(sentence);
    else sentence.remove();
    field?.removeAttribute("aria-invalid");
    if (described) field.setAttribute("aria-describedby", described);
    else field?.removeAttribute("aria-describedby");
  }
  told = null;
  document.title = title;
  // A sentence that the address shows (`page#bad_code`) belongs to the last try, not to this one.
  if (document.querySelector(".errors :target, .ok:target")) location.replace("#");
}

function succeed(form, { status, said }) {
  const { next, once, wait, link, atOnce } = form.dataset;
  // 200 says that it is done, 202 that a letter has left.
  const ok = (status === 200 && atOnce) || form.dataset.ok;
  if (next) return location.assign(next.includes("#") ? next : towards(next, said.return_to ?? undefined));
  if (ok === undefined && link === undefined) return location.assign(said.return_to ?? "/");
  if (ok) {
    location.replace(`#${ok}`);
    const words = document.getElementById(ok);
    words.tabIndex = -1;
    words.focus();
  }
  if (wait) holdBack(form);
  else if (once !== undefined) form.hidden = true;
  else form.reset();
  form.dispatchEvent(new CustomEvent("done", { detail: said }));
}

/** Bars a form while it asks, or gives it back. */
export function busy(form, working) {
  const button = form.querySelector("button:not([type])");
  form.ariaBusy = String(working);
  button.disabled = working;
  if (working) button.dataset.words = button.textContent;
  button.textContent = working ? form.dataset.busy : button.dataset.words;
}

/** Says how long to wait before another code can be asked for. */
function holdBack(form) {
  const note = form.previousElementSibling?.matches(".wait") ? form.previousElementSibling : Object.assign(document.createElement("p"), { className: "hint wait" });
  form.before(note);
  // By two clocks: one may be set back meanwhile, the other stands still while a phone sleeps.
  const clocks = [Date, performance];
  const ends = clocks.map((clock) => clock.now() + RESEND_SECONDS * 1000);
  const count = () => {
    const left = Math.ceil(Math.min(...clocks.map((clock, at) => ends[at] - clock.now())) / 1000);
    form.hidden = left > 0;
    note.hidden = left <= 0;
    note.textContent = form.dataset.wait.replace("{time}", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
    if (left > 0) setTimeout(count, 1000);
  };
  count();
}

/** Writes a code as it is read aloud, 1234 5678, and leaves the caret between the digits where it was. */
function groupDigits(input) {
  input.addEventListener("input", () => {
    const before = digits(input.value.slice(0, input.selectionStart)).length;
    const all = digits(input.value);
    input.value = all.length > 4 ? `${all.slice(0, 4)} ${all.slice(4)}` : all;
    const caret = before > 4 ? before + 1 : before;
    input.setSelectionRange(caret, caret);
  });
}
