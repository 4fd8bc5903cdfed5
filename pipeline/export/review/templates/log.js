// What reviewers said: an append-only log of rows, as NAME.corrections.csv has them; kept, exported or saved.

const COLUMNS = ["action", "start", "end", "raw", "before", "after", "restored", "corrected", "reviewer", "time", "sha256"];
const FORMULA = /^(?=[=+\-@\t\r\n＝＋－＠])(?![+-]?[\p{Nd}.,]+%?$)/u;
const CONTEXT = 40;
const isServed = location.protocol === "http:" || location.protocol === "https:";
const shortName = payload.name.split("/").at(-1);
const toTop = "../".repeat(payload.name.split("/").length - 1);

function cellOf(text) {
  const defused = FORMULA.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(defused) ? '"' + defused.replaceAll('"', '""') + '"' : defused;
}

function toCsv(rows) {
  const lines = [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => String(row[name])))];
  return "\ufeff" + lines.map((cells) => cells.map(cellOf).join(",") + "\r\n").join("");
}

/** The rows of a log as the server gives it: it tells all in one form, however the file was saved. */
function fromCsv(text) {
  const records = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1).push(undefuse(quoted?.replaceAll('""', '"') ?? bare));
    if (end !== ",") records.push([]);
  }
  return records.slice(1, -1).map((cells) => {
    const row = Object.fromEntries(COLUMNS.map((name, i) => [name, cells[i]]));
    return { ...row, start: Number(row.start), end: Number(row.end) };
  });
}

const undefuse = (cell) => (cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell);
const sameRow = (a, b) => COLUMNS.every((name) => String(a[name]) === String(b[name]));

/** `rows` in the order of their time; the first `kept` of them are on disk, or were exported. */
const log = {
  rows: [],
  kept: 0,
  done: [],
  /** What stands for each syllable: {row, text}; and for what the text leaves out, by the key of its place. */
  said: new Map(),
  saidOfLeftOut: new Map(),
  stale: 0,
  failure: "",

  reviewer: () => byId("reviewer").value.trim().replace(/\s+/g, " "),

  row(action, place, corrected) {
    return {
      action, start: place.start, end: place.end, raw: place.raw,
      before: raw.slice(place.start - CONTEXT, place.start), after: raw.slice(place.end, place.end + CONTEXT),
      restored: place.restored, corrected, reviewer: log.reviewer(),
      time: new Date().toISOString().slice(0, 19) + "Z", sha256: payload.sha256,
    };
  },

  /** Say something of places, as one step that `undo` takes back. */
  say(rows) {
    log.done.push(rows);
    log.append(rows);
  },

  undo() {
    const last = log.done.pop();
    if (!last) return null;
    const back = [];
    for (const row of last.toReversed()) {
      const time = new Date().toISOString().slice(0, 19) + "Z";
      back.push({ ...row, action: "withdraw", corrected: "", time });
      const upTo = log.rows.indexOf(row);
      const earlier = log.rows.slice(0, upTo).findLast(
        (r) => r.start === row.start && r.end === row.end && r.reviewer === row.reviewer);
      if (earlier && earlier.action !== "withdraw") back.push({ ...earlier, time });
    }
    log.append(back);
    return last[0];
  },

  append(rows) {
    log.rows.push(...rows);
    log.settle();
    memory.set("rows " + payload.name + " " + payload.sha256, JSON.stringify([log.kept, log.rows]));
    if (isServed) log.send();
  },

  /** Work out what stands: of one reviewer about one place the last, of several the latest. */
  settle() {
    const standing = new Map();
    for (const row of log.rows) {
      const key = JSON.stringify([row.reviewer, row.start, row.end]);
      standing.delete(key);
      if (row.action !== "withdraw") standing.set(key, row);
    }
    log.said.clear();
    log.saidOfLeftOut.clear();
    log.stale = 0;
    for (const row of standing.values()) {
      const place = placeOfRow(row);
      if (!place) {
        log.stale++;
      } else if (place.first === place.last) {
        log.saidOfLeftOut.set(place.key, row);
      } else {
        const texts = row.action === "delete" ? [] : row.corrected.split(" ");
        const each = texts.length === place.last - place.first;
        for (let i = place.first; i < place.last; i++) {
          log.said.set(i, { row, text: each ? texts[i - place.first] : i === place.first ? texts.join(" ") : "" });
        }
      }
    }
  },

  isDecided(place) {
    if (place.first === place.last) return log.saidOfLeftOut.has(place.key);
    for (let i = place.first; i < place.last; i++) {
      if (!log.said.has(i) && readingOf.get(i)?.by == null) return false;
    }
    return true;
  },

  /** What stands at a place now. */
  textOf(place) {
    const parts = [];
    for (let i = place.first; i < place.last; i++) parts.push(log.said.get(i)?.text ?? wordAt(i));
    if (place.first === place.last) parts.push(log.saidOfLeftOut.get(place.key)?.corrected ?? "");
    return parts.filter(Boolean).join(" ");
  },

  export() {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([toCsv(log.rows)], { type: "text/csv;charset=utf-8" }));
    link.download = shortName + ".corrections.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    log.kept = log.rows.length;
    memory.set("rows " + payload.name + " " + payload.sha256, JSON.stringify([log.kept, log.rows]));
  },

  async send() {
    if (log.sending) return;
    log.sending = true;
    while (log.kept < log.rows.length) {
      const rows = log.rows.slice(log.kept, log.kept + 1000);
      log.failure = await post(payload.name, rows);
      if (log.failure) break;
      log.kept += rows.length;
    }
    log.sending = false;
    document.dispatchEvent(new Event("kept"));
    if (log.failure) setTimeout(log.send, 5_000);
  },

  async load() {
    let [kept, own] = [0, []];
    try {
      [kept, own] = JSON.parse(memory.get("rows " + payload.name + " " + payload.sha256)) ?? [0, []];
    } catch { /* what another version kept */ }
    log.rows = own;
    log.kept = kept;
    if (isServed) {
      const answer = await fetch(addressOf(payload.name)).catch(() => null);
      const saved = answer?.ok ? fromCsv(await answer.text()) : [];
      const pending = own.filter((row) => !saved.some((other) => sameRow(row, other)));
      log.rows = [...saved, ...pending];
      log.kept = saved.length;
    }
    log.settle();
    if (isServed && log.kept < log.rows.length) log.send();
  },
};

const addressOf = (name) => toTop + name.split("/").map(encodeURIComponent).join("/") + ".corrections.csv";

/** Save rows of a document; returns why that failed, or nothing. */
async function post(name, rows) {
  try {
    const headers = { "Content-Type": "text/csv" };
    const answer = await fetch(addressOf(name), { method: "POST", headers, body: toCsv(rows) });
    if (answer.ok) return "";
    const told = await answer.json();
    return `${told.message} ${told.remedy}`;
  } catch (error) {
    return error.message;
  }
}

/** Like places in other documents, as far as the server knows them. */
async function likeElsewhere(place, corrected) {
  if (!isServed) return [];
  const query = new URLSearchParams({ document: payload.name, start: place.start, end: place.end, corrected });
  try {
    const answer = await fetch(toTop + "series.json?" + query);
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}
