"use strict";
const $ = (id) => document.getElementById(id);
const store = {
  get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* a private window */ } },
};
const field = (name) => document.querySelector(`#settings [name="${name}"]`);
const fields = [...document.querySelectorAll("#settings [name]")];
for (const input of fields) {
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

const ask = (path, options = {}) => {
  const headers = { "Content-Type": "application/json" };
  if (field("key").value) headers.Authorization = `Bearer ${field("key").value}`;
  return fetch(path, { ...options, headers });
};

/* The conversation */

let messages = [];
let running = null;

const addMessage = (role, text) => {
  const item = document.createElement("li");
  item.className = role;
  for (const name of ["who", "text", "figures"]) {
    const part = document.createElement("div");
    part.className = name;
    item.append(part);
  }
  item.querySelector(".who").textContent = role === "user" ? "You" : "Model";
  item.querySelector(".text").textContent = text;
  $("log").append(item);
  $("log").scrollTop = $("log").scrollHeight;
  return item;
};

const body = () => {
  const request = { messages: [...messages], stream: true, stream_options: { include_usage: true } };
  for (const name of ["temperature", "top_p", "top_k", "repetition_penalty", "max_tokens", "seed"]) {
    if (field(name).value !== "") request[name] = Number(field(name).value);
  }
  if (field("system").value.trim()) request.messages.unshift({ role: "system", content: field("system").value });
  return JSON.stringify(request);
};

/** Calls `onEvent` with each event of a stream until it says that it is done. */
const readEvents = async (response, onEvent) => {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      if (!event.startsWith("data: ") || event === "data: [DONE]") continue;
      onEvent(JSON.parse(event.slice(6)));
    }
  }
};

const reasonOf = async (response) => {
  try { return (await response.json()).error.message; } catch { return `the server answered ${response.status}`; }
};

const answer = async () => {
  const item = addMessage("assistant", "");
  const text = item.querySelector(".text");
  item.classList.add("busy");
  running = new AbortController();
  setRunning(true);
  const begun = performance.now();
  let first = null;
  let content = "";
  let usage = null;
  let seed = null;
  try {
    const response = await ask("/v1/chat/completions", { method: "POST", body: body(), signal: running.signal });
    if (!response.ok) throw new Error(await reasonOf(response));
    await readEvents(response, (event) => {
      if (event.error) throw new Error(event.error.message);
      seed = event.seed ?? seed;
      usage = event.usage ?? usage;
      const piece = event.choices?.[0]?.delta?.content;
      if (!piece) return;
      first ??= performance.now();
      content += piece;
      const atEnd = $("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 60;
      text.textContent = content;
      if (atEnd) $("log").scrollTop = $("log").scrollHeight;
    });
  } catch (error) {
    if (error.name !== "AbortError") $("notice").textContent = error.message;
  }
  item.classList.remove("busy");
  if (content) messages.push({ role: "assistant", content });
  else { item.remove(); messages.pop(); }
  if (usage && first) {
    const seconds = (performance.now() - first) / 1000;
    const rate = usage.completion_tokens > 1 && seconds > 0 ? ((usage.completion_tokens - 1) / seconds).toFixed(1) : "–";
    item.querySelector(".figures").textContent =
      `${usage.completion_tokens} tokens, ${rate} a second, first after ${Math.round(first - begun)} ms, `
      + `${usage.prompt_tokens_details.cached_tokens} of ${usage.prompt_tokens} prompt tokens from the cache, seed ${seed}`;
  }
  running = null;
  setRunning(false);
};

const setRunning = (isRunning) => {
  $("stop").hidden = !isRunning;
  $("send").hidden = isRunning;
  $("log").setAttribute("aria-busy", isRunning);
  if (isRunning) $("stop").focus(); else $("prompt").focus();
};

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("prompt").value.trim();
  if (!text || running) return;
  $("notice").textContent = "";
  $("prompt").value = "";
  messages.push({ role: "user", content: text });
  addMessage("user", text);
  answer();
});
$("prompt").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("form").requestSubmit();
  }
});
$("stop").addEventListener("click", () => running?.abort());
document.addEventListener("keydown", (event) => { if (event.key === "Escape") running?.abort(); });
$("clear").addEventListener("click", () => {
  running?.abort();
  messages = [];
  $("log").replaceChildren();
  $("notice").textContent = "";
});

/* The picture of the cluster */

const svg = (name, attributes, parent) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
};

let properties = null;
let track = null;
let shares = [];
let coaches = [];
let status = null;
let lapsPerSecond = 0;

/** A ring road with a stop for each stage. */
const drawRing = () => {
  const count = properties.stages.length;
  const [width, height, radius] = [360, 150, count > 12 ? 10 : 20];
  const ring = $("ring");
  ring.replaceChildren();
  ring.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const [left, right, top, bottom] = [43, width - 43, 35, height - 35];
  track = svg("path", { d: `M${left} ${top} H${right} A40 40 0 0 1 ${right} ${bottom} H${left} A40 40 0 0 1 ${left} ${top}` }, ring);
  const length = track.getTotalLength();
  const coachLayer = svg("g", {}, ring);
  shares = properties.stages.map((stage, index) => {
    const point = track.getPointAtLength(((index + 0.5) / count) * length);
    svg("circle", { class: "stop", cx: point.x, cy: point.y, r: radius }, ring);
    const fill = svg("circle", { class: "fill", cx: point.x, cy: point.y, r: 0 }, ring);
    if (radius > 10) svg("text", { x: point.x, y: point.y }, ring).textContent = stage.rank;
    return { fill, radius };
  });
  coaches = [];
  for (let index = 0; index < 8; index++) coaches.push(svg("circle", { class: "coach", r: 5, visibility: "hidden" }, coachLayer));
};

const layersOf = ([first, end]) =>
  end === first ? "no layers" : end - first === 1 ? `layer ${first}` : `layers ${first} to ${end - 1}`;

const drawStages = () => {
  $("stages").replaceChildren(...properties.stages.map((stage) => {
    const item = document.createElement("li");
    const place = document.createElement("span");
    place.textContent = `${stage.rank}: ${stage.host}`;
    const share = document.createElement("span");
    share.className = "share";
    const layers = document.createElement("span");
    layers.className = "quiet";
    layers.textContent = layersOf(stage.layers);
    const meter = document.createElement("meter");
    meter.setAttribute("aria-label", `Busy share of stage ${stage.rank}`);
    item.append(place, share, layers, meter);
    return item;
  }));
};

const show = (next) => {
  const engine = next.engine;
  const before = status?.engine;
  const span = before ? engine.seconds - before.seconds : 0;
  const isNews = span > 0;
  // While nothing runs the engine says nothing new: then nothing moves.
  const rate = (now, then) => (isNews ? Math.max(0, now - then) / span : 0);
  $("rate").textContent = rate(engine.sampled_tokens, before?.sampled_tokens ?? 0).toFixed(1);
  $("answers").textContent = engine.running;
  $("waiting").textContent = Math.max(0, next.open_answers - engine.running);
  const used = engine.kv_blocks ? 1 - engine.free_kv_blocks / engine.kv_blocks : 0;
  $("kv").value = used;
  $("kv-text").textContent = `${(used * 100).toFixed(1)} %`;
  lapsPerSecond = engine.in_flight ? rate(engine.microbatches, before?.microbatches ?? 0) / engine.in_flight : 0;
  [...$("stages").children].forEach((item, rank) => {
    const share = Math.min(1, rate(engine.busy_seconds[rank] ?? 0, before?.busy_seconds[rank] ?? 0));
    item.querySelector(".share").textContent = `${Math.round(share * 100)} % busy`;
    item.querySelector("meter").value = share;
    shares[rank].fill.setAttribute("r", Math.sqrt(share) * shares[rank].radius);
  });
  $("state").textContent = engine.in_flight
    ? `${engine.in_flight} ${engine.in_flight === 1 ? "microbatch" : "microbatches"} between the stages, ${rate(engine.microbatches, before?.microbatches ?? 0).toFixed(0)} a second`
    : "The ranks rest.";
  status = next;
};

const poll = async () => {
  if (document.hidden) return;
  try {
    if (!properties) {
      const response = await ask("/props");
      if (!response.ok) throw new Error(await reasonOf(response));
      properties = await response.json();
      $("model").textContent = `${properties.model}, ${properties.ranks} ranks`;
      drawRing();
      drawStages();
    }
    const response = await ask("/status");
    if (!response.ok) throw new Error(await reasonOf(response));
    show(await response.json());
  } catch (error) {
    $("state").textContent = `No news from the server: ${error.message}`;
  }
};

/** Moves the microbatches along the ring, slowed down so that eyes can follow. */
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
let phase = 0;
let lastFrame = performance.now();
const animate = (now) => {
  const laps = Math.min(lapsPerSecond, 0.8);
  phase = (phase + (isStill.matches ? 0 : ((now - lastFrame) / 1000) * laps)) % 1;
  lastFrame = now;
  const inFlight = Math.min(status?.engine.in_flight ?? 0, coaches.length);
  coaches.forEach((coach, index) => {
    coach.setAttribute("visibility", index < inFlight ? "visible" : "hidden");
    if (index >= inFlight) return;
    const point = track.getPointAtLength(((phase + index / inFlight) % 1) * track.getTotalLength());
    coach.setAttribute("cx", point.x);
    coach.setAttribute("cy", point.y);
  });
  requestAnimationFrame(animate);
};
requestAnimationFrame(animate);
setInterval(poll, 500);
poll();
