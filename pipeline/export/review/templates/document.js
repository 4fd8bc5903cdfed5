// The document: its texts by code points, its syllables, and the places that a person can say something of.

/** Slices a string by code points, as all offsets of a document count. */
class Text {
  constructor(string) {
    this.string = string;
    this.units = null;
    if (/[\ud800-\udfff]/.test(string)) {
      const units = [];
      let at = 0;
      for (const character of string) {
        units.push(at);
        at += character.length;
      }
      units.push(at);
      this.units = units;
    }
    this.length = this.units ? this.units.length - 1 : string.length;
  }
  slice(start, end) {
    const [from, to] = [Math.max(0, Math.min(start, this.length)), Math.max(0, Math.min(end, this.length))];
    return this.units ? this.string.slice(this.units[from], this.units[to]) : this.string.slice(from, to);
  }
}

const payload = json("payload");
const raw = new Text(payload.raw);
const restored = new Text(payload.restored);
const count = payload.map.length / 4;
/** Places of each syllable: in the restored text from textStart to textEnd, in the raw one from rawStart to rawEnd. */
const [textStart, textEnd, rawStart, rawEnd] = Array.from({ length: 4 }, () => new Int32Array(count));
for (let i = 0, text = 0, read = 0; i < count; i++) {
  textStart[i] = text + payload.map[4 * i];
  textEnd[i] = text = textStart[i] + payload.map[4 * i + 1];
  rawStart[i] = read + payload.map[4 * i + 2];
  rawEnd[i] = read = rawStart[i] + payload.map[4 * i + 3];
}
const rawOrder = Array.from({ length: count }, (_, i) => i).sort((a, b) => rawStart[a] - rawStart[b] || a - b);
const rankOf = new Int32Array(count);
rawOrder.forEach((syllable, rank) => { rankOf[syllable] = rank; });

const readings = payload.readings.map((r) => ({
  start: r[0], end: r[1], index: r[2], before: r[3] ?? count, restored: r[4], confidence: r[5], runnerUp: r[6],
  by: r[7], page: r[8], box: r[9],
}));
const readingOf = new Map(readings.filter((r) => r.index !== null).map((r) => [r.index, r]));
const wordAt = (i) => restored.slice(textStart[i], textEnd[i]);

/**
 * The place of syllables first to last (left out), and of those that were read from the same raw words; null where
 * they are not neighbours on one line of the raw text.
 */
function placeOf(first, last) {
  while (first > 0 && rawEnd[first - 1] > rawStart[first] && rawStart[first - 1] <= rawStart[first]) first--;
  while (last < count && rawStart[last] < rawEnd[last - 1] && rawStart[last] >= rawStart[last - 1]) last++;
  for (let i = first + 1; i < last; i++) {
    if (rankOf[i] !== rankOf[i - 1] + 1) return null;
  }
  const [start, end] = [rawStart[first], rawEnd[last - 1]];
  if (/[\n\f]/.test(raw.slice(start, end))) return null;
  let [confidence, runnerUp, by, other] = [1, "", null, false];
  let at = textStart[first];
  let found = null;
  for (let i = first; i < last; i++) {
    const reading = readingOf.get(i);
    if (reading) {
      confidence = Math.min(confidence, reading.confidence);
      by = reading.by ?? by;
      found = found ?? reading;
      other = other || (reading.runnerUp !== null && reading.runnerUp !== wordAt(i));
    }
    runnerUp += restored.slice(at, textStart[i]) + (reading?.runnerUp ?? wordAt(i));
    at = textEnd[i];
  }
  return {
    key: `${start}-${end}`, start, end, first, last, confidence, by, raw: raw.slice(start, end),
    restored: restored.slice(textStart[first], textEnd[last - 1]), runnerUp: other ? runnerUp : null,
    page: found?.page ?? null, box: found?.box ?? null, doubt: by === null && found !== null,
  };
}

/** The place of a reading that the restored text leaves out. */
function placeLeftOut(reading) {
  return {
    ...reading, key: `${reading.start}-${reading.end}`, first: reading.before, last: reading.before,
    raw: raw.slice(reading.start, reading.end), restored: "", doubt: reading.by === null,
    runnerUp: [reading.restored, reading.runnerUp].find((text) => text) ?? null,
  };
}

/** Readings that the text leaves out, by the syllable before which they stand. */
const leftOut = new Map();
const doubts = [];
{
  const seen = new Set();
  for (const reading of readings) {
    const place = reading.index === null ? placeLeftOut(reading) : placeOf(reading.index, reading.index + 1);
    if (!place || seen.has(place.key)) continue;
    seen.add(place.key);
    if (reading.index === null) leftOut.set(place.first, [...(leftOut.get(place.first) ?? []), place]);
    if (place.doubt) doubts.push(place);
  }
  doubts.sort((a, b) => a.first - b.first || a.last - b.last || a.start - b.start);
}
const leftOutAt = (key) => [...leftOut.values()].flat().find((place) => place.key === key);
const isNumber = (place) => /\p{Nd}/u.test(place.raw + place.restored + (place.runnerUp ?? ""));

/** The place of a row of the log; null where its text is not there any more. */
function placeOfRow(row) {
  if (row.sha256 !== payload.sha256 || raw.slice(row.start, row.end) !== row.raw) return null;
  const first = syllableFrom(row.start);
  if (first === null) {
    return leftOutAt(`${row.start}-${row.end}`) ?? null;
  }
  let last = first + 1;
  while (last < count && rawEnd[last - 1] < row.end && rankOf[last] === rankOf[last - 1] + 1) last++;
  const place = placeOf(first, last);
  return place && place.end === row.end ? place : null;
}

/** How many syllables begin before an offset of the raw text. */
function rankFrom(start) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rawStart[rawOrder[middle]] < start) low = middle + 1; else high = middle;
  }
  return low;
}

/** The syllable whose raw word begins at an offset; null where none does. */
function syllableFrom(start) {
  const syllable = rawOrder[rankFrom(start)];
  return rawStart[syllable] === start ? syllable : null;
}

/** Without accents and in lower case. */
const fold = (text) => Array.from(text.toLowerCase(), (c) => (c === "đ" ? "d" : c.normalize("NFD")[0])).join("");

/**
 * Places of the same raw text, where the same was made of it or the word before or behind is the same, accents aside:
 * as the server looks for them in other documents.
 */
function likePlaces(model, text, isDecided) {
  const found = [];
  const beside = (place) => [
    fold(raw.slice(place.start - 40, place.start).trim().split(/\s+/).at(-1)),
    fold(raw.slice(place.end, place.end + 40).trim().split(/\s+/)[0]),
  ];
  const [before, after] = beside(model);
  for (let first = 0; first < count; first++) {
    if (raw.slice(rawStart[first], rawEnd[first]) !== raw.slice(model.start, rawEnd[model.first])) continue;
    const place = placeOf(first, Math.min(first + model.last - model.first, count));
    if (!place || place.raw !== model.raw || place.start === model.start || place.restored === text) continue;
    if (isDecided(place)) continue;
    const [otherBefore, otherAfter] = beside(place);
    const neighbours = (before === otherBefore) + (after === otherAfter);
    if (!neighbours && !/[\p{L}\p{Nd}]/u.test(model.raw)) continue;
    const likeness = neighbours + (place.restored === model.restored ? 2 : 0);
    if (likeness) found.push([likeness, place]);
  }
  return found.sort((a, b) => b[0] - a[0] || a[1].start - b[1].start).slice(0, 500).map(([, place]) => place);
}
