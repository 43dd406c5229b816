// Captions for players.
export const data = {
  pagination: { data: "archive.pages", size: 1, alias: "it" },
  permalink: ({ it }) => `${it.url}captions.srt`,
};

export function render({ it }) {
  const time = (text) => text.replace(".", ",");
  return it.cues.map((cue, at) => `${at + 1}\n${time(cue.from)} --> ${time(cue.to)}\n${cue.text}\n`).join("\n");
}
