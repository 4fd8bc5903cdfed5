// Sections of the document on the page: drawn when they come near, from text alone.

const sections = payload.sections.map(([page, kind, rows]) => ({ page, kind, rows, element: null, drawn: false }));
const rowStarts = [];
{
  let rows = 0;
  for (const section of sections) {
    rowStarts.push(rows);
    rows += section.rows.length;
  }
}
const lastAtOrBefore = (starts, value) => {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= value) low = middle + 1; else high = middle;
  }
  return low - 1;
};
const sectionOfRow = (row) => sections[lastAtOrBefore(rowStarts, row)];

/** Passages of syllables in the order of the text, and the section that each is in. */
const passages = [];
sections.forEach((section, number) => {
  for (const row of section.rows) {
    const own = row.text ? [row.text] : row.table ? row.table.rows.flat().map((cell) => cell[0]).filter(Boolean) : [];
    for (const [first] of own) passages.push([first, number]);
  }
});
passages.sort((a, b) => a[0] - b[0]);
const passageStarts = passages.map(([first]) => first);
const sectionOf = (place) => {
  const at = lastAtOrBefore(passageStarts, Math.min(place.first, count - 1));
  return at < 0 ? sections[0] : sections[passages[at][1]];
};

const picture = (page) => {
  const embedded = byId("picture-" + page);
  return embedded ? "data:image/webp;base64," + embedded.textContent.trim() : payload.files[page] ?? null;
};

const level = (place) => (place.confidence < 0.5 ? 3 : place.confidence < 0.75 ? 2 : 1);

/** doubts by their first syllable, those left out of the text apart */
const doubtAt = new Map(doubts.filter((d) => d.first < d.last).map((d) => [d.first, d]));

function describe(place) {
  const parts = [log.textOf(place) || say("nothing"), `${say("read")}: ${place.raw}`];
  if (place.doubt && !log.isDecided(place)) parts.push(`${say("doubt")}, ${Math.round(100 * place.confidence)} %`);
  return parts.join("; ");
}

function asButton(element, place) {
  element.setAttribute("role", "button");
  element.tabIndex = -1;
  element.dataset.place = place.key;
  element.setAttribute("aria-label", describe(place));
  if (place.doubt && !log.isDecided(place)) element.classList.add("doubt", "level" + level(place));
  if (isNumber(place)) element.classList.add("number");
}

/** Syllables first to last with what was said of them. */
function drawPassage(parent, [first, last]) {
  parent.dataset.passage = `${first} ${last}`;
  parent.replaceChildren();
  let at = first < last ? textStart[first] : 0;
  for (let i = first; i < last;) {
    drawLeftOut(parent, i);
    parent.append(restored.slice(at, textStart[i]));
    const said = log.said.get(i);
    const doubt = doubtAt.get(i);
    let end = i + 1;
    if (said) {
      while (end < last && log.said.get(end)?.row === said.row) end++;
    } else if (doubt) {
      while (end < Math.min(last, doubt.last) && !log.said.has(end)) end++;
    }
    const element = make("span", "word");
    element.dataset.first = i;
    element.dataset.last = end;
    if (said) {
      const texts = [];
      for (let k = i; k < end; k++) texts.push(log.said.get(k).text);
      element.textContent = texts.filter(Boolean).join(" ") || "∅";
      element.classList.add(said.row.action === "accept" ? "accepted" : "mended");
    } else {
      element.textContent = restored.slice(textStart[i], textEnd[end - 1]);
      if (readingOf.get(i)?.by != null) element.classList.add("accepted");
    }
    if (doubt || said) asButton(element, placeOf(i, end) ?? doubt);
    parent.append(element);
    at = textEnd[end - 1];
    i = end;
  }
  if (last === count) drawLeftOut(parent, count);
}

function drawLeftOut(parent, before) {
  for (const place of leftOut.get(before) ?? []) {
    const row = log.saidOfLeftOut.get(place.key);
    const element = make("span", "word left-out", row?.corrected || "·");
    element.dataset.out = place.key;
    asButton(element, place);
    if (row) element.classList.add(row.corrected ? "mended" : "accepted");
    parent.append(element, " ");
  }
}

function drawRaw(parent, spans) {
  spans.forEach(([start, end], part) => {
    if (part) parent.append(make("span", "gap", " ⋯ "));
    let at = start;
    for (let rank = rankFrom(start); rank < count && rawStart[rawOrder[rank]] < end; rank++) {
      const i = rawOrder[rank];
      if (rawStart[i] < at) continue;
      parent.append(raw.slice(at, rawStart[i]));
      const element = make("span", "read", raw.slice(rawStart[i], rawEnd[i]));
      element.dataset.read = i;
      if (doubtAt.has(i)) element.classList.add("unsure");
      parent.append(element);
      at = rawEnd[i];
    }
    parent.append(raw.slice(at, end));
  });
}

function drawTable(parent, table) {
  const element = make("table");
  table.rows.forEach((cells, number) => {
    const row = make("tr");
    for (const [passage, columns, rows] of cells) {
      const cell = make(number < table.header ? "th" : "td");
      if (number < table.header) cell.scope = "col";
      cell.colSpan = columns;
      cell.rowSpan = rows;
      if (passage) drawPassage(cell, passage); else cell.append(make("span", "unseen", say("table_empty")));
      row.append(cell);
    }
    element.append(row);
  });
  const frame = make("div", "table");
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", say("restored"));
  frame.append(element);
  parent.append(frame);
}

function drawRow(row, number, isScan) {
  const element = make("div", "row");
  element.id = "r" + number;
  if (!isScan || row.aside) {
    const read = make("div", row.aside && isScan ? "right aside" : "left");
    if (!(row.aside && isScan)) read.classList.add("source");
    drawRaw(read, row.raw);
    element.append(read);
  }
  if (row.aside && isScan) {
    element.lastChild.prepend(make("span", "why", say("aside_" + row.aside) + ": "));
    return element;
  }
  const right = make("div", "right");
  if (row.aside) {
    right.classList.add("aside");
    right.append(make("span", "why", say("aside_" + row.aside)));
  } else if (row.table) {
    drawTable(right, row.table);
  } else {
    const text = make("p", `text ${row.align ?? ""} depth${row.depth ?? 0}`);
    drawPassage(text, row.text);
    right.append(text);
  }
  element.append(right);
  return element;
}

function drawPicture(section) {
  const size = payload.pages[section.page];
  const source = picture(section.page);
  if (!source || !size?.[0]) return null;
  const figure = make("figure", "left source scan");
  const image = make("img");
  image.alt = say("page", { n: section.page });
  image.decoding = "async";
  image.width = Math.round(size[0]);
  image.height = Math.round(size[1]);
  image.src = source;
  const frame = make("div", "paper");
  frame.append(image);
  for (const place of doubts) {
    if (place.page !== section.page || !place.box) continue;
    const spot = make("span", "spot level" + level(place));
    spot.dataset.spot = place.key;
    setBox(spot, place.box, size);
    frame.append(spot);
  }
  figure.append(frame);
  return figure;
}

function setBox(element, [x0, top, x1, bottom], [width, height]) {
  const around = 1.5;
  element.style.left = `${(100 * (x0 - around)) / width}%`;
  element.style.top = `${(100 * (top - around)) / height}%`;
  element.style.width = `${(100 * (x1 - x0 + 2 * around)) / width}%`;
  element.style.height = `${(100 * (bottom - top + 2 * around)) / height}%`;
}

/** The part of a scanned page where a place stands; null where there is no picture of it. */
function crop(place) {
  const size = payload.pages[place.page];
  const source = place.box && size?.[0] && picture(place.page);
  if (!source) return null;
  const [x0, top, x1, bottom] = place.box;
  const high = Math.max(bottom - top, 8);
  const shown = { left: x0 - 9 * high, top: top - 0.7 * high, width: x1 - x0 + 18 * high, height: high * 2.4 };
  const element = make("div", "crop");
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", say("page", { n: place.page }));
  const scale = 58 / shown.height;
  element.style.height = "58px";
  element.style.maxWidth = `${shown.width * scale}px`;
  const inner = make("div", "crop-inner");
  inner.style.width = `${size[0] * scale}px`;
  inner.style.height = `${size[1] * scale}px`;
  inner.style.left = `calc(50% - ${((x0 + x1) / 2) * scale}px)`;
  inner.style.top = `${-shown.top * scale}px`;
  const image = make("img");
  image.alt = "";
  image.src = source;
  const mark = make("span", "spot now");
  setBox(mark, place.box, size);
  inner.append(image, mark);
  element.append(inner);
  return element;
}

function draw(section) {
  if (section.drawn) return;
  section.drawn = true;
  const { element, page, kind, rows } = section;
  element.replaceChildren();
  const start = rowStarts[sections.indexOf(section)];
  const figure = kind === "scan" ? drawPicture(section) : null;
  if (page !== null) {
    const head = make("h2", "page", say("page", { n: page }));
    head.dataset.say = "page";
    head.dataset.n = page;
    element.append(head);
  }
  const body = make("div", figure ? "sheet scanned" : "sheet");
  if (figure) body.append(figure);
  const list = make("div", "rows");
  rows.forEach((row, i) => list.append(drawRow(row, start + i, figure !== null)));
  body.append(list);
  element.append(body);
  element.classList.add("drawn");
}

/** Draw again what holds syllables first to last, after something was said of them. */
function redraw(places) {
  const held = (from, to) => places.some((p) => p.first < to && Math.max(p.last, p.first + 1) > from);
  for (const element of document.querySelectorAll("[data-passage]")) {
    const [first, last] = element.dataset.passage.split(" ").map(Number);
    if (held(first, last === count ? last + 1 : last)) drawPassage(element, [first, last]);
  }
  for (const place of places) {
    const spot = document.querySelector(`[data-spot="${place.key}"]`);
    if (spot) spot.classList.toggle("gone", log.isDecided(place));
  }
}

function layOut() {
  const parent = byId("sections");
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        near.unobserve(entry.target);
        draw(sections[entry.target.dataset.section]);
      }
    }
  }, { rootMargin: "1200px 0px" });
  sections.forEach((section, number) => {
    section.element = make("section", "part");
    section.element.dataset.section = number;
    section.element.style.minHeight = section.kind === "scan" ? "900px" : `${Math.min(40 * section.rows.length, 2000)}px`;
    parent.append(section.element);
    near.observe(section.element);
  });
}
