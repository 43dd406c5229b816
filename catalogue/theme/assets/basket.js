/** Passages kept by a reader, on the reader's own machine and nowhere else; nothing is kept before it is asked for. */

const NAME = "duplex-basket";
const MOST = 50;

/** What is kept, oldest first: {slug, lang, url, title, in, out, words}. Whatever else stands there is left out. */
export function kept() {
  try {
    const items = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return items.filter((item) => /^\/[^/\\]/.test(item?.url) && item.slug && Number.isFinite(item.in) && item.out > item.in);
  } catch {
    return [];
  }
}

const same = (one, other) => one.url === other.url && one.in === other.in && one.out === other.out;

/** Keeps a passage; false when the browser refuses to keep anything, or the basket is full. */
export function keep(passage) {
  const others = kept().filter((each) => !same(each, passage));
  return others.length < MOST && store([...others, passage]);
}

export const drop = (passage) => store(kept().filter((each) => !same(each, passage)));

/** Empties the basket, and leaves nothing of it behind. */
export const empty = () => store([]);

function store(items) {
  try {
    if (items.length) localStorage.setItem(NAME, JSON.stringify(items));
    else localStorage.removeItem(NAME);
  } catch {
    return false;
  }
  document.dispatchEvent(new Event("duplex:basket"));
  return true;
}
