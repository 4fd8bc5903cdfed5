// The place in view: what was read there, what else it could be, what a person says of it; and the like places.

let now = null;
let likes = null;

const order = () => (numbersOnly() ? doubts.filter(isNumber) : doubts);
const open = () => order().filter((place) => !log.isDecided(place));
const numbersOnly = () => byId("numbers").getAttribute("aria-pressed") === "true";

function tell(text) {
  byId("told").textContent = text;
}

/** Bring a place into view and show all of it in the panel. */
function go(place, { focus = true } = {}) {
  now = place;
  const section = sectionOf(place);
  draw(section);
  const elements = mark();
  for (const one of document.querySelectorAll(".word[tabindex='0']")) one.tabIndex = -1;
  const first = elements[0];
  if (first) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const box = first.getBoundingClientRect();
    if (box.top < 90 || box.bottom > innerHeight - byId("detail").offsetHeight - 30) {
      first.scrollIntoView({ block: "center", behavior: calm || Math.abs(box.top) > 3 * innerHeight ? "instant" : "smooth" });
    }
    first.tabIndex = 0;
    if (focus) first.focus({ preventScroll: true });
  }
  show();
}

/** Mark the place in view in both texts and on the picture; returns its elements in the restored text. */
function mark() {
  for (const one of document.querySelectorAll(".now:not(.crop .now)")) one.classList.remove("now");
  if (!now) return [];
  const found = [];
  for (const element of document.querySelectorAll(".word[data-first]")) {
    if (Number(element.dataset.first) < now.last && Number(element.dataset.last) > now.first) found.push(element);
  }
  const out = document.querySelector(`[data-out="${now.key}"]`);
  if (out && now.first === now.last) found.splice(0, found.length, out);
  for (const element of found) element.classList.add("now");
  for (let i = now.first; i < now.last; i++) {
    document.querySelector(`[data-read="${i}"]`)?.classList.add("now");
  }
  document.querySelector(`[data-spot="${now.key}"]`)?.classList.add("now");
  return found;
}

function step(by) {
  const list = by > 0 && open().length ? open() : order();
  if (!list.length) return;
  const after = (place) => place.first > now.first || (place.first === now.first && place.start > now.start);
  let place = by > 0 ? list[0] : list.at(-1);
  if (now) {
    place = (by > 0 ? list.find(after) : list.findLast((p) => !after(p) && p.key !== now.key)) ?? place;
  }
  go(place);
}

/** Show the place in view in the panel. */
function show() {
  const panel = byId("place");
  byId("none").hidden = now !== null;
  panel.hidden = now === null;
  document.body.classList.toggle("has-place", now !== null);
  progress();
  if (!now) return;
  const list = order();
  const at = list.findIndex((place) => place.key === now.key);
  byId("at").textContent = at >= 0 ? `${at + 1} / ${list.length}` : "";
  const said = log.isDecided(now);
  const sure = byId("sure");
  sure.textContent = said ? say("mended") : `${say("confidence")} ${Math.round(100 * now.confidence)} %`;
  sure.className = said ? "sure said" : `sure ${now.doubt ? "level" + level(now) : ""}`;
  const before = raw.slice(now.start - 40, now.start).split(/[\n\f]/).at(-1);
  const after = raw.slice(now.end, now.end + 40).split(/[\n\f]/)[0];
  byId("context").replaceChildren(before, make("mark", "", now.raw), after);
  byId("crop").replaceChildren(...[crop(now)].filter(Boolean));
  byId("accept-text").textContent = now.restored || say("nothing");
  const other = byId("runner");
  other.hidden = !now.runnerUp;
  byId("runner-text").textContent = now.runnerUp ?? "";
  byId("delete").hidden = !now.restored;
  byId("typed").value = log.textOf(now);
  byId("undo").disabled = !log.done.length;
}

function progress() {
  const left = doubts.filter((place) => !log.isDecided(place)).length;
  byId("left").textContent = say("left", { left, all: doubts.length });
  byId("bar").style.width = `${doubts.length ? 100 - (100 * left) / doubts.length : 100}%`;
  const waiting = log.rows.length - log.kept;
  const status = byId("status");
  status.textContent = log.failure ? say("saving_failed", { why: log.failure })
    : isServed ? (log.rows.length && !waiting ? say("saved") : "") : waiting ? say("unsaved", { n: waiting }) : "";
  status.classList.toggle("bad", Boolean(log.failure));
  byId("export").disabled = !log.rows.length;
}

/** Say something of the place in view, offer the same for like places, and go on. */
function decide(action, text = "") {
  if (!now) return;
  const place = now;
  const corrected = action === "delete" ? "" : text.normalize("NFC").trim().replace(/\s+/g, " ");
  if (action !== "delete" && !corrected) return decide("delete");
  const kind = corrected === place.restored && action !== "delete" ? "accept" : action;
  log.say([log.row(kind, place, corrected)]);
  redraw([place]);
  likes = null;
  if (kind !== "accept" && place.first < place.last) offer(place, kind, corrected);
  if (!likes) hideLikes();
  if (open().length) {
    tell("");
    step(1);
  } else {
    tell(doubts.length ? say("all_done") : "");
    go(place);
  }
}

const accept = () => now && decide(now.restored ? "accept" : "delete", now.restored);
const chooseRunnerUp = () => now?.runnerUp && decide("correct", now.runnerUp);
const nothingPrinted = () => now && decide("delete");

function undo() {
  const row = log.undo();
  if (!row) return;
  hideLikes();
  redraw([{ first: 0, last: count }, ...doubts]);
  tell(say("undone"));
  const place = placeOfRow(row);
  if (place) go(place); else show();
}

/** Take the word behind into the place, or leave its last word. */
function extend(by) {
  if (!now || now.first === now.last) return;
  const last = Math.min(Math.max(now.last + by, now.first + 1), count);
  const place = placeOf(now.first, last);
  if (place) go(place);
}

function offer(place, action, corrected) {
  const own = likePlaces(place, corrected, log.isDecided);
  likes = { action, corrected, own, others: [] };
  list();
  likeElsewhere(place, corrected).then((others) => {
    if (likes?.own === own && others.length) {
      likes.others = others;
      list();
    }
  });
  if (!own.length) likes = isServed ? likes : null;
}

function list() {
  const { own, others, corrected } = likes;
  const panel = byId("series");
  panel.hidden = !own.length && !others.length;
  byId("series-head").textContent = say("series", { n: own.length + others.length, text: corrected || say("nothing") });
  const items = [...own.map((place) => [place, ""]), ...others.map((place) => [place, place.document])];
  byId("series-list").replaceChildren(...items.map(([place, name]) => {
    const before = raw.slice(place.start - 40, place.start);
    const after = raw.slice(place.end, place.end + 40);
    const [left, right] = name ? [place.before, place.after] : [before, after];
    const item = make("li");
    const line = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.checked = place.restored === now?.restored || place.confidence < 0.9;
    line.append(box, left.replace(/\s+/g, " ").slice(-28), make("mark", "", place.restored), right.replace(/\s+/g, " ").slice(0, 28));
    if (name) line.append(make("span", "elsewhere", name));
    item.append(line);
    return item;
  }));
}

function hideLikes() {
  likes = null;
  byId("series").hidden = true;
}

/** Mend the like places that are checked, here as one step, and in other documents. */
async function mendSeries() {
  if (!likes || byId("series").hidden) return;
  const { own, others, action, corrected } = likes;
  const checked = [...byId("series-list").querySelectorAll("input")].map((box) => box.checked);
  const places = own.filter((_, i) => checked[i]);
  if (places.length) {
    log.say(places.map((place) => log.row(action, place, corrected)));
    redraw(places);
  }
  const elsewhere = others.filter((_, i) => checked[own.length + i]);
  hideLikes();
  if (now && log.isDecided(now)) step(1); else show();
  for (const name of new Set(elsewhere.map((place) => place.document))) {
    const rows = elsewhere.filter((place) => place.document === name).map((place) => ({
      ...log.row(action, now ?? place, corrected), start: place.start, end: place.end, raw: place.raw,
      before: place.before, after: place.after, restored: place.restored, sha256: place.sha256,
    }));
    const failure = await post(name, rows);
    if (failure) tell(`${name}: ${say("saving_failed", { why: failure })}`);
  }
}
