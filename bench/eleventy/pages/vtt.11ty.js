// Captions for browsers.
export const data = {
  pagination: { data: "archive.pages", size: 1, alias: "it" },
  permalink: ({ it }) => `${it.url}captions.vtt`,
};

export function render({ it }) {
  const cues = it.cues.map((cue) => `${cue.id}\n${cue.from} --> ${cue.to}\n<v ${cue.voice}>${cue.text}\n`);
  return ["WEBVTT\n", ...cues].join("\n");
}
