const svg = (name, attributes, parent) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
};

/** What is served, and where; nothing while the server does not answer. */
let properties = null;
let track = null;
let shares = [];
let coaches = [];
/** What the server said last, and when the engine last said anything new. */
let status = null;
let lastNews = 0;
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

const showShare = (rank, share, text) => {
  const item = $("stages").children[rank];
  item.querySelector(".share").textContent = text;
  item.querySelector("meter").value = share;
  shares[rank].fill.setAttribute("r", Math.sqrt(share) * shares[rank].radius);
};

/** In words what goes on. Ranks rest only where nobody waits for anything. */
const stateOf = ({ engine, open_answers: openAnswers }, microbatches) => {
  const silence = Math.round((performance.now() - lastNews) / 1000);
  if (!openAnswers && !engine.running && !engine.waiting && !engine.in_flight) return "The ranks rest.";
  if (silence >= 5) return `The engine works, and has said nothing for ${silence} s.`;
  if (!engine.in_flight) return "Work begins.";
  return `${number(engine.in_flight, "microbatch", "microbatches")} between the stages, ${microbatches.toFixed(0)} a second`;
};

const show = (next) => {
  const engine = next.engine;
  const before = status?.engine;
  const span = before ? engine.seconds - before.seconds : 0;
  const isNews = span > 0;
  if (isNews || !before || !next.open_answers) lastNews = performance.now();
  // While nothing runs the engine says nothing new: then nothing moves.
  const rate = (now, then) => (isNews ? Math.max(0, now - then) / span : 0);
  $("rate").textContent = rate(engine.sampled_tokens, before?.sampled_tokens ?? 0).toFixed(1);
  $("answers").textContent = engine.running;
  $("waiting").textContent = Math.max(0, next.open_answers - engine.running);
  const used = engine.kv_blocks ? 1 - engine.free_kv_blocks / engine.kv_blocks : 0;
  $("kv").value = used;
  $("kv-text").textContent = `${(used * 100).toFixed(1)} %`;
  const microbatches = rate(engine.microbatches, before?.microbatches ?? 0);
  lapsPerSecond = engine.in_flight ? microbatches / engine.in_flight : 0;
  properties.stages.forEach((_, rank) => {
    const share = Math.min(1, rate(engine.busy_seconds[rank] ?? 0, before?.busy_seconds[rank] ?? 0));
    showShare(rank, share, `${Math.round(share * 100)} % busy`);
  });
  $("state").textContent = stateOf(next, microbatches);
  status = next;
};

/** A server that does not answer shows nothing of what it did. */
const showDead = (reason) => {
  $("cluster").classList.add("dead");
  $("state").textContent = `No news from the server: ${reason}`;
  for (const id of ["rate", "answers", "waiting", "kv-text"]) $(id).textContent = "–";
  $("kv").value = 0;
  shares.forEach((_, rank) => showShare(rank, 0, "–"));
  // Asked again when it is back: it may be another one.
  [properties, status] = [null, null];
};

let isAsking = false;
const poll = async () => {
  if (document.hidden || isAsking) return;
  isAsking = true;
  try {
    const signal = AbortSignal.timeout(5000);
    if (!properties) {
      properties = await (await ask("/props", { signal })).json();
      $("model").textContent = `${properties.model}, ${number(properties.ranks, "rank")}`;
      drawRing();
      drawStages();
      $("cluster").classList.remove("dead");
    }
    show(await (await ask("/status", { signal })).json());
  } catch (error) {
    showDead(error.name === "TimeoutError" ? "it has not answered for 5 s" : wordsOf(error));
  }
  isAsking = false;
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
