"use strict";
const $ = (id) => document.getElementById(id);
const store = {
  get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* a private window */ } },
};
const field = (name) => document.querySelector(`#settings [name="${name}"]`);
for (const input of document.querySelectorAll("#settings [name]")) {
  input.value = store.get(input.name) ?? input.value;
  input.addEventListener("change", () => store.set(input.name, input.value));
}

// Dark or light: the system's, until somebody chooses.
const root = document.documentElement;
const showTheme = (theme) => {
  if (theme) root.dataset.theme = theme;
  const isDark = (theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  $("theme").textContent = isDark ? "☀" : "☾";
  return isDark;
};
let isDark = showTheme(store.get("theme"));
$("theme").addEventListener("click", () => {
  store.set("theme", isDark ? "light" : "dark");
  isDark = showTheme(store.get("theme"));
});

/* The server */

const number = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

/** The key that was refused last: its field is opened once for it, and no more. */
let refusedKey = null;
const wantKey = (key) => {
  if (refusedKey === key) return;
  refusedKey = key;
  $("settings").open = true;
  field("key").focus();
};

/** The key as far as it is typed to its end. */
let key = field("key").value;
field("key").addEventListener("change", () => { key = field("key").value; });

const reasonOf = async (response) => {
  try { return (await response.json()).error.message; } catch { return `the server answered ${response.status}`; }
};

/** Browsers have words of their own for a server that is gone. */
const wordsOf = (error) => (error instanceof TypeError ? "the server cannot be reached" : error.message);

/** A response that is there to be read; whatever else comes is thrown, in words. */
const ask = async (path, options = {}) => {
  const headers = { "Content-Type": "application/json" };
  if (key) headers.Authorization = `Bearer ${key}`;
  const sent = key;
  const response = await fetch(path, { ...options, headers });
  if (response.ok) return response;
  if (response.status === 401) wantKey(sent);
  throw new Error(await reasonOf(response));
};
