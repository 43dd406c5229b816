/** Pictures of single frames, drawn from the film that is played, by a second player that nobody sees. */

export class Stills {
  constructor({ video, counter }, facts) {
    Object.assign(this, { source: video.querySelector("source").src, counter, facts, asked: new Map(), player: null, working: false });
  }

  /** Draws a frame on a canvas, as soon as it is there; a later wish for the same canvas takes its place. */
  show(canvas, frame) {
    if (canvas.dataset.frame === String(frame)) return;
    this.asked.set(canvas, frame);
    const name = canvas.ariaLabel.split(",")[0];
    canvas.ariaLabel = `${name}, ${this.counter.label(this.counter.msOf(frame))}`;
    this.#work();
  }

  async #work() {
    if (this.working) return;
    this.working = true;
    while (this.asked.size) {
      const [[canvas, frame]] = this.asked;
      this.asked.delete(canvas);
      if (!(await this.#go(frame))) break;
      canvas.getContext("2d").drawImage(this.player, 0, 0, canvas.width, canvas.height);
      canvas.dataset.frame = frame;
    }
    this.working = false;
  }

  /** Brings the unseen player to the middle of a frame; false when the film does not load. */
  #go(frame) {
    this.player ??= Object.assign(document.createElement("video"), { muted: true, playsInline: true, preload: "auto", src: this.source });
    const place = () => (this.player.currentTime = ((frame + 0.5) * this.counter.under) / this.counter.over);
    return new Promise((done) => {
      const end = (drawn) => {
        this.player.removeEventListener("seeked", good);
        this.player.removeEventListener("error", bad);
        done(drawn);
      };
      const good = () => end(true);
      const bad = () => end(false);
      this.player.addEventListener("seeked", good);
      this.player.addEventListener("error", bad);
      if (this.player.error) return bad();
      if (this.player.readyState >= HTMLMediaElement.HAVE_METADATA) place();
      else this.player.addEventListener("loadedmetadata", place, { once: true });
    });
  }
}
