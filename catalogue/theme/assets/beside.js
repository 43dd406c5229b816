/** Side by side: the other language's turns, each beside its own, fetched when a reader asks for them. */

import { Sentences } from "./sentences.js";

export function openBeside(article, sentences) {
  const button = document.getElementById("beside");
  if (!button) return;
  const turns = [...article.querySelectorAll(".turn")];
  let twins = null;

  async function load() {
    const answer = await fetch(button.dataset.page);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const others = [...page.querySelectorAll(".turn")];
    const timed = new Map(others.filter((turn) => turn.dataset.ms).map((turn) => [turn.dataset.ms, turn]));
    const aligned = others.length === turns.length;
    return turns.map((turn, at) => twin(turn, timed.get(turn.dataset.ms) ?? (aligned ? others[at] : null)));
  }

  /** What the other page says in a turn; its own names of speakers are the same and stay there. */
  function twin(turn, other) {
    const place = Object.assign(document.createElement("div"), { className: "twin", lang: button.dataset.lang });
    place.append(...(other ? [...other.querySelectorAll(".said")].map((each) => document.importNode(each, true)) : []));
    for (const name of ["ms", "end"]) if (turn.dataset[name]) place.dataset[name] = turn.dataset[name];
    return place;
  }

  /** The first turn in view stays where it is while everything around it changes its height. */
  function keepingPlace(change) {
    const seen = turns.find((turn) => turn.getBoundingClientRect().bottom > 0) ?? turns[0];
    const before = seen.getBoundingClientRect().top;
    change();
    scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
  }

  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      twins ??= await load();
    } catch {
      button.parentElement.querySelector(".alarm")?.remove();
      button.after(Object.assign(document.createElement("span"), { className: "alarm", role: "alert", textContent: button.dataset.failed }));
    }
    button.ariaBusy = "false";
    if (!twins) return;
    button.parentElement.querySelector(".alarm")?.remove();
    const on = button.ariaPressed !== "true";
    button.ariaPressed = String(on);
    keepingPlace(() => {
      article.classList.toggle("beside", on);
      turns.forEach((turn, at) => (on ? turn.append(twins[at]) : twins[at].remove()));
    });
    document.dispatchEvent(new CustomEvent("duplex:beside", { detail: on ? new Sentences(twins) : null }));
  });
}
