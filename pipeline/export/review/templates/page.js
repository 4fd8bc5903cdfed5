// The page as a whole: keys, pointer, and the buttons of the bar.

const KEYS = {
  j: () => step(1), ArrowRight: (event) => (event.shiftKey ? extend(1) : step(1)),
  k: () => step(-1), ArrowLeft: (event) => (event.shiftKey ? extend(-1) : step(-1)),
  Enter: accept, 2: chooseRunnerUp, r: chooseRunnerUp, x: nothingPrinted, Delete: nothingPrinted,
  e: () => typeIt(), F2: () => typeIt(), u: undo, a: () => mendSeries(), n: () => toggleNumbers(),
  s: () => toggleSource(), "?": () => byId("keys").showModal(), Escape: hideLikes,
};

function typeIt() {
  if (!now) return;
  byId("typed").focus();
  byId("typed").select();
}

function toggleNumbers() {
  const pressed = !numbersOnly();
  byId("numbers").setAttribute("aria-pressed", pressed);
  document.body.classList.toggle("numbers-only", pressed);
  show();
}

function toggleSource(to = byId("source").getAttribute("aria-pressed") !== "true") {
  byId("source").setAttribute("aria-pressed", to);
  document.body.classList.toggle("no-source", !to);
}

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || byId("keys").open) return;
  if (target.matches("input, textarea, select")) return;
  if (target.closest("button, a, summary, [role=button]:not(.word)") && (event.key === "Enter" || event.key === " ")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = KEYS[key === " " && target.matches(".word") ? "Enter" : key];
  if (act) {
    event.preventDefault();
    act(event);
  }
});

byId("typed").addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    decide("correct", byId("typed").value);
  } else if (event.key === "Escape") {
    event.preventDefault();
    go(now);
  }
});

/** Words from one element to another as a place; null where they are on several lines. */
function between(from, to) {
  const firsts = [from, to].map((element) => Number(element.dataset.first));
  const lasts = [from, to].map((element) => Number(element.dataset.last));
  return placeOf(Math.min(...firsts), Math.max(...lasts));
}

byId("sections").addEventListener("click", (event) => {
  const spot = event.target.closest("[data-spot]");
  const read = event.target.closest("[data-read]");
  const word = event.target.closest(".word");
  const selection = getSelection();
  const wordOf = (node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest(".word[data-first]");
  if (selection && !selection.isCollapsed) {
    const [from, to] = [wordOf(selection.anchorNode), wordOf(selection.focusNode)];
    const place = from && to && between(from, to);
    if (place) go(place, { focus: false });
    return;
  }
  const left = word?.dataset.out && leftOutAt(word.dataset.out);
  const place = spot ? doubts.find((one) => one.key === spot.dataset.spot)
    : read ? placeOf(Number(read.dataset.read), Number(read.dataset.read) + 1)
      : left ? left : word ? between(word, word) : null;
  if (place) go(place);
});

const peek = byId("peek");
byId("sections").addEventListener("pointerover", (event) => {
  const word = event.pointerType === "mouse" && event.target.closest(".word.doubt, .word.mended");
  if (!word || word.classList.contains("now")) {
    peek.hidden = true;
    return;
  }
  const place = word.dataset.out ? leftOutAt(word.dataset.out) : between(word, word);
  if (!place) return;
  const lines = [make("div", "peek-read", place.raw)];
  if (place.runnerUp) lines.push(make("div", "", `${say("runner_up")}: ${place.runnerUp}`));
  if (place.doubt) lines.push(make("div", "faint", `${say("confidence")} ${Math.round(100 * place.confidence)} %`));
  const piece = crop(place);
  peek.replaceChildren(...(piece ? [piece] : []), ...lines);
  peek.hidden = false;
  const box = word.getBoundingClientRect();
  peek.style.left = `${Math.max(8, Math.min(box.left, innerWidth - peek.offsetWidth - 8))}px`;
  const above = box.top - peek.offsetHeight - 8;
  peek.style.top = `${above > 60 ? above : box.bottom + 8}px`;
});
for (const name of ["scroll", "keydown"]) addEventListener(name, () => { peek.hidden = true; }, { passive: true });

document.querySelector(".side").addEventListener("click", (event) => {
  const link = event.target.closest("[data-row]");
  if (!link) return;
  event.preventDefault();
  toRow(Number(link.dataset.row));
});

function toRow(row) {
  if (!sections.length) return;
  draw(sectionOfRow(row));
  const element = byId("r" + row);
  element?.scrollIntoView({ block: "start" });
  element?.classList.remove("arrived");
  requestAnimationFrame(() => element?.classList.add("arrived"));
  if (innerWidth < 1100) for (const part of document.querySelectorAll(".side details")) part.open = false;
}

const buttons = {
  next: () => step(1), previous: () => step(-1), accept, runner: chooseRunnerUp, delete: nothingPrinted, undo,
  numbers: toggleNumbers, source: () => toggleSource(), help: () => byId("keys").showModal(), apply: mendSeries, cancel: hideLikes,
  save: () => decide("correct", byId("typed").value),
  export: () => { log.export(); tell(say("exported", { n: log.rows.length })); progress(); },
};
for (const [id, act] of Object.entries(buttons)) byId(id).addEventListener("click", () => act());

byId("reviewer").value = memory.get("reviewer") ?? "";
byId("reviewer").addEventListener("change", () => memory.set("reviewer", log.reviewer()));
byId("export").hidden = isServed;
document.addEventListener("kept", progress);
document.addEventListener("languagechange", () => {
  for (const section of sections) {
    if (section.drawn) {
      section.drawn = false;
      draw(section);
    }
  }
  mark();
  show();
});
addEventListener("beforeprint", () => sections.forEach(draw));
addEventListener("beforeunload", (event) => {
  if (isServed && log.kept < log.rows.length) event.preventDefault();
});
toggleSource(innerWidth >= 760);
if (innerWidth < 1100) for (const part of document.querySelectorAll(".side details")) part.open = false;

log.load().then(() => {
  layOut();
  show();
  if (log.stale) tell(say("stale", { n: log.stale }));
  const row = /^#r(\d+)$/.exec(location.hash);
  if (row) toRow(Number(row[1]));
  document.body.dataset.ready = "yes";
});
