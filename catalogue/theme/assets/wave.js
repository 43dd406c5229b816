/** The sound of the film, drawn: what has played, the passage, and where one is. Native controls stay the way by keyboard. */

const STEP = 3;

export async function drawWave({ video, facts, counter, seek }, passage) {
  const canvas = document.getElementById("wave");
  if (!facts.film.peaks) return;
  const answer = await fetch(facts.film.peaks).catch(() => null);
  if (!answer?.ok) return;
  const { per_second: rate, peaks } = await answer.json();
  if (!(peaks?.length > 0)) return;
  const loudest = Math.max(1, ...peaks.filter(Number.isFinite).slice(0, 100_000));
  canvas.hidden = false;

  function draw() {
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(name).trim();
    const side = parseFloat(style.paddingLeft);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    const pen = canvas.getContext("2d");
    pen.scale(devicePixelRatio, devicePixelRatio);
    const across = width - 2 * side;
    const place = (ms) => side + (across * ms) / counter.duration;
    const chosen = passage.value;
    const bars = Math.floor(across / STEP);
    for (let bar = 0; bar < bars; bar += 1) {
      const from = (counter.duration * bar) / bars;
      const to = (counter.duration * (bar + 1)) / bars;
      const first = Math.floor((from / 1000) * rate);
      const loud = Math.max(0, ...peaks.slice(first, Math.max(first + 1, Math.floor((to / 1000) * rate))));
      const tall = Math.max(1, (loud / loudest) * (height - 6));
      const inside = chosen && chosen.in <= from && from < chosen.out;
      pen.fillStyle = colour(inside ? "--red" : from < video.currentTime * 1000 ? "--blue" : "--field");
      pen.fillRect(side + bar * STEP, (height - tall) / 2, STEP - 1, tall);
    }
    pen.fillStyle = colour("--red");
    for (const point of chosen ? [chosen.in, chosen.out] : []) pen.fillRect(place(point) - 1, 0, 2, height);
    pen.fillStyle = colour("--ink");
    if (video.currentTime > 0) pen.fillRect(place(video.currentTime * 1000) - 0.5, 0, 1, height);
  }

  canvas.addEventListener("click", (event) => {
    const side = parseFloat(getComputedStyle(canvas).paddingLeft);
    const share = (event.offsetX - side) / (canvas.clientWidth - 2 * side);
    seek(Math.round(Math.min(1, Math.max(0, share)) * (counter.duration - 1)), !video.paused);
  });
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  for (const event of ["timeupdate", "seeked"]) video.addEventListener(event, draw);
  passage.watch(draw);
}
