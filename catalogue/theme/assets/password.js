/** Passwords while they are typed: the rule ticked off, and a button that shows what was typed. */

// The same classes as the service counts by: letters of any alphabet, and spaces that cannot be seen.
const RULES = {
  length: (text) => [...text].length >= 12 && [...text].length <= 128,
  space: (text) => text !== "" && !/[\s\p{Z}\p{Cc}\p{Cf}]/u.test(text),
  case: (text) => /[\p{Lu}\p{Lt}]/u.test(text) && /\p{Ll}/u.test(text),
  digit: (text) => /\p{Nd}/u.test(text),
  symbol: (text) => /[\p{P}\p{S}]/u.test(text),
};

/** The code of what the rule has against a password, or null; whether it is well known, only the service can tell. */
export function weakness(password) {
  const text = password.normalize("NFC");
  if ([...text].length > 128) return "password_too_long";
  if (!RULES.space(text)) return "weak_password_space";
  if (!RULES.length(text)) return "weak_password_length";
  return RULES.case(text) && RULES.digit(text) && RULES.symbol(text) ? null : "weak_password_mix";
}

/** Ticks the list below a field of a new password. */
export function tickRules(list) {
  const input = list.closest(".field").querySelector("input");
  const lines = [...list.querySelectorAll("[data-rule]")].map((item) => ({
    item,
    holds: RULES[item.dataset.rule],
    said: item.appendChild(Object.assign(document.createElement("span"), { className: "unseen" })),
  }));
  const count = Object.assign(document.createElement("p"), { className: "unseen" });
  count.setAttribute("role", "status");
  list.after(count);
  const tick = () => {
    const text = input.value.normalize("NFC");
    let kept = 0;
    for (const { item, holds, said } of lines) {
      const met = holds(text);
      kept += met;
      item.classList.toggle("met", met);
      said.textContent = `, ${met ? list.dataset.met : list.dataset.unmet}`;
    }
    // Said aloud only when it changes, so that a screen reader is not interrupted at every letter.
    const words = text && list.dataset.count.replace("{n}", kept);
    if (count.textContent !== words) count.textContent = words;
  };
  input.addEventListener("input", tick);
  input.form.addEventListener("reset", () => setTimeout(tick));
  tick();
}

/** Adds the button that shows or hides a password; it exists only here, because only script can make it work. */
export function addShow(field) {
  const input = field.querySelector("input");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plainly" });
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  button.setAttribute("aria-controls", input.id);
  // Sent as a password again, so that password managers recognise what they may keep.
  input.form.addEventListener("submit", () => show(false));
  input.after(button);
  show(false);
}
