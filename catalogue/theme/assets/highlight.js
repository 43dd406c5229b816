/** Marks in a page the words by which a search led to it: `?q=` in its address, and in `w` those found for them. Marks are
    painted, not put into the page, so that nothing moves. The words are read by search-words.js, which a page from a folder
    must have as a plain script. */

const address = new URLSearchParams(location.search);
const query = address.get("q");
const found = (address.get("w") ?? "").split(" ").filter((word) => word);
const COMMON = new Set("les des une que qui est pas dans par sur the and for that with was are his her".split(" "));
const script = document.createElement("script");
script.src = new URL("./search-words.js", import.meta.url);
script.onload = () => {
  const { readQuery, placesOf } = globalThis.duplexSearch;
  const lang = document.documentElement.lang;
  const groups = readQuery(query, lang);
  const plain = groups.filter((group) => !group.phrase || group.words.length === 1);
  const asked = plain.flatMap((group) => [...group.words, ...(group.joined ? [group.joined] : [])]);
  // Beside longer words, the words of every sentence are not worth a mark.
  const long = asked.filter((word) => word.length > 2 && !COMMON.has(word));
  const words = [...(long.length ? long : asked), ...found];
  const phrases = groups.filter((group) => group.phrase && group.words.length > 1).map((group) => group.words);
  // A plural for a singular led here too.
  const alike = (word, other) => word === other || (other.length > 3 && word.startsWith(other) && /^(?:s|x|e|es|ed|ing)$/.test(word.slice(other.length)));
  const known = { has: (word) => words.some((each) => alike(word, each) || alike(each, word)) };
  const ranges = [...document.querySelectorAll("article .said, article h1, article .stand, .context")].flatMap((element) => {
    const nodes = textsOf(element);
    const text = nodes.map(({ node }) => node.data).join("");
    return placesOf(text, lang, known, phrases).map(([start, end]) => rangeIn(nodes, start, end));
  });
  CSS.highlights.set("looked", new Highlight(...ranges));
};
document.head.append(script);

function textsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  for (let node = walker.nextNode(), from = 0; node; node = walker.nextNode()) {
    nodes.push({ node, from });
    from += node.length;
  }
  return nodes;
}

function rangeIn(nodes, start, end) {
  const range = document.createRange();
  const first = nodes.findLast(({ from }) => from <= start);
  const last = nodes.findLast(({ from }) => from < end);
  range.setStart(first.node, start - first.from);
  range.setEnd(last.node, end - last.from);
  return range;
}
