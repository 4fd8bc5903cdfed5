// What both pages share: texts of the interface in two languages, light and dark, and what the browser remembers.
"use strict";

const byId = (id) => document.getElementById(id);
const json = (id) => JSON.parse(byId(id).textContent);
const words = json("words");

/** Keeps settings where the browser lets a page keep any. */
const memory = {
  get(key) {
    try { return localStorage.getItem("vanban " + key); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem("vanban " + key, value); return true; } catch { return false; }
  },
};

let language = memory.get("language") === "en" ? 1 : 0;

/** A text of the interface, with what stands in braces filled in. */
function say(name, values = {}) {
  return words[name][language].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** An element of text only: what a document says never becomes HTML. */
function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== "") element.textContent = text;
  return element;
}

function label() {
  document.documentElement.lang = language ? "en" : "vi";
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say, element.dataset);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label, element.dataset));
    element.title = element.getAttribute("aria-label");
  }
}

function dress() {
  const theme = memory.get("theme");
  if (theme) document.documentElement.dataset.theme = theme;
}

byId("language").addEventListener("click", () => {
  language = 1 - language;
  memory.set("language", language ? "en" : "vi");
  label();
  document.dispatchEvent(new Event("languagechange"));
});

byId("theme").addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  memory.set("theme", document.documentElement.dataset.theme);
});

dress();
label();
