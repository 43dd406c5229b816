/** Media time, frames, and the labels of the programme: what catalogue/timecode.py says, in the browser (SMPTE ST 12-1). */

const DAY = 24 * 60 * 60;

/** `83.2` of 83200 milliseconds: seconds with up to three decimals, as addresses carry them (W3C Media Fragments). */
export const seconds = (ms) => String(ms / 1000);

/** `01:18`, or `1:01:18` from one hour on. */
export function short(ms) {
  const whole = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const tail = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${tail}` : tail;
}

/** Counts one film: `frame_rate` as a fraction in text, `start_timecode` and `drop_frame` as its sheet gives them. */
export class Counter {
  constructor({ frame_rate, start_timecode, drop_frame, duration_ms }) {
    const [over, under] = frame_rate.split("/").map(Number);
    Object.assign(this, { over, under: under || 1, duration: duration_ms, drop: Boolean(drop_frame) });
    this.base = Math.max(1, Math.round(this.over / this.under));
    this.dropped = this.drop ? (2 * this.base) / 30 : 0;
    this.start = this.count(start_timecode) ?? 0;
  }

  /** The first frame that starts at or after a media time; half a millisecond is forgiven. */
  frameAt(ms) {
    return Math.max(0, Math.ceil(((2 * ms - 1) * this.over) / (2000 * this.under)));
  }

  /** Milliseconds at which a frame starts. */
  msOf(frame) {
    return Math.round((frame * 1000 * this.under) / this.over);
  }

  /** Frames from 00:00:00:00 of a label, or null when it is none at this rate. */
  count(text) {
    const match = /^(\d{1,2}):([0-5]\d):([0-5]\d)[:;](\d{2,3})$/.exec(text);
    if (!match) return null;
    const [hours, minutes, seconds, frames] = match.slice(1).map(Number);
    if (hours > 23 || frames >= this.base) return null;
    if (this.drop && minutes % 10 && seconds === 0 && frames < this.dropped) return null;
    const whole = hours * 60 + minutes;
    return (whole * 60 + seconds) * this.base + frames - this.dropped * (whole - Math.floor(whole / 10));
  }

  /** The programme's label of the frame at a media time: `10:01:18:02`, or `10:01:18;02` counted drop-frame. */
  label(ms) {
    let frame = this.start + this.frameAt(ms);
    if (this.drop) {
      const ten = 600 * this.base - 9 * this.dropped;
      frame %= ten * 144;
      const tens = Math.floor(frame / ten);
      const rest = frame % ten;
      // The first minute of ten keeps all its labels, so the others are counted after it.
      const minutes = rest < 60 * this.base ? 0 : 1 + Math.floor((rest - 60 * this.base) / (60 * this.base - this.dropped));
      frame += this.dropped * (9 * tens + minutes);
    }
    frame %= DAY * this.base;
    const whole = Math.floor(frame / this.base);
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, "0"));
    return parts.join(":") + (this.drop ? ";" : ":") + String(frame % this.base).padStart(2, "0");
  }

  /** Media time of a label of the programme; after midnight the labels start again. */
  mediaTime(label) {
    const count = this.count(label);
    if (count === null) return null;
    const frame = count - this.start;
    return this.msOf(frame < 0 ? frame + this.count("23:59:59:" + String(this.base - 1).padStart(2, "0")) + 1 : frame);
  }

  /** Media time of what a person typed: 1:18, 00:01:18.040, 78.04, 10:01:18:02. Null when it cannot be read. */
  read(text) {
    const typed = text.trim().replace(",", ".");
    if (this.count(typed) !== null) return this.mediaTime(typed);
    const match = /^(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6})(?:\.(\d{1,3}))?$/.exec(typed);
    if (!match || (match[2] && Number(match[3]) > 59)) return null;
    const [hours, minutes, whole] = match.slice(1, 4).map((part) => Number(part ?? 0));
    const ms = ((hours * 60 + minutes) * 60 + whole) * 1000 + Number((match[4] ?? "").padEnd(3, "0"));
    // 10:01:18 in a film that starts at 10:00:00:00 is the programme's time, written without its frames.
    if (ms > this.duration && match[1] && !match[4]) return this.mediaTime(`${typed}:00`) ?? ms;
    return ms;
  }
}

/** What `#t=83.2,97.4` says: {in, out} in milliseconds, `out` null for a moment; null when it says nothing of time. */
export function readFragment(hash) {
  const match = /^#t=(?:npt:)?([\d:.]*)(?:,([\d:.]+))?$/.exec(plain(hash));
  if (!match || !(match[1] || match[2])) return null;
  const [start, end] = [match[1] || "0", match[2]].map((part) => (part === undefined ? null : clock(part)));
  return Number.isNaN(start) || Number.isNaN(end) ? null : { in: start, out: end };
}

/** An address that is badly encoded is read as it stands. */
function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function clock(text) {
  return text.split(":").length > 3 ? NaN : Math.round(text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);
}
