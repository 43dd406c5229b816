// The transcript for reading.
export const data = {
  pagination: { data: "archive.pages", size: 1, alias: "it" },
  permalink: ({ it }) => `${it.url}transcript.txt`,
};

export function render({ it }) {
  const turns = it.turns.map((turn) => `[${turn.clock}] ${turn.name}\n\n${turn.text.join("\n\n")}`);
  const where = `${it.date_text} · ${it.place} · ${it.words.spoken_in[it.spoken]}`;
  return [it.title, where, it.summary, ...turns].join("\n\n") + "\n";
}
