// The transcript for programs.
export const data = {
  pagination: { data: "archive.pages", size: 1, alias: "it" },
  permalink: ({ it }) => `${it.url}transcript.json`,
};

export function render({ it }) {
  const turns = it.turns.map((turn) => ({ id: `t${turn.ms}`, key: turn.key, name: turn.name, start_ms: turn.ms, paragraphs: turn.text }));
  return JSON.stringify({ turns, problems: [] }, null, 1) + "\n";
}
