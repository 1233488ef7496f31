/** What is said so far. A new conversation is a new list: an answer to an old one finds that it is no longer asked for. */
let messages = [];
/** Stops the answer that comes just now. */
let running = null;

const addMessage = (role, text) => {
  const item = document.createElement("li");
  item.className = role;
  for (const name of ["who", "text", "ending", "figures"]) {
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
    // Each event is one line of data; other lines are empty, or signs of life.
    const lines = text.split("\n");
    text = lines.pop();
    for (const line of lines) {
      if (!line.startsWith("data: ") || line === "data: [DONE]") continue;
      onEvent(JSON.parse(line.slice(6)));
    }
  }
};

/** What an answer has brought: its text, and how it went. */
const collect = (item) => {
  const text = item.querySelector(".text");
  const answer = { content: "", usage: null, seed: null, ending: null, begun: performance.now(), first: null };
  answer.take = (event) => {
    if (event.error) throw new Error(event.error.message);
    answer.seed = event.seed ?? answer.seed;
    answer.usage = event.usage ?? answer.usage;
    answer.ending = event.choices?.[0]?.finish_reason ?? answer.ending;
    const piece = event.choices?.[0]?.delta?.content;
    if (!piece) return;
    answer.first ??= performance.now();
    answer.content += piece;
    const atEnd = $("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 60;
    text.textContent = answer.content;
    if (atEnd) $("log").scrollTop = $("log").scrollHeight;
  };
  return answer;
};

const showEnding = (item, { ending, usage }) => {
  if (ending !== "length") return;
  const isFull = usage && properties && usage.prompt_tokens + usage.completion_tokens >= properties.context_length;
  item.querySelector(".ending").textContent = isFull
    ? "Cut off: the context is full. Begin a new conversation."
    : "Cut off after the most tokens that an answer may have: see Settings.";
};

const showFigures = (item, { usage, first, begun, seed }) => {
  if (!usage || !first) return;
  const seconds = (performance.now() - first) / 1000;
  const rate = usage.completion_tokens > 1 && seconds > 0 ? ((usage.completion_tokens - 1) / seconds).toFixed(1) : "–";
  item.querySelector(".figures").textContent =
    `${number(usage.completion_tokens, "token")}, ${rate} a second, first after ${Math.round(first - begun)} ms, `
    + `${usage.prompt_tokens_details.cached_tokens} of ${number(usage.prompt_tokens, "prompt token")} from the cache, `
    + `seed ${seed}`;
};

/** Takes back a message that got no answer, for its author to change or send again. */
const takeBack = (question, item) => {
  messages.pop();
  question.remove();
  item.remove();
  const text = question.querySelector(".text").textContent;
  $("prompt").value = $("prompt").value ? `${text}\n${$("prompt").value}` : text;
};

const answer = async (question) => {
  const conversation = messages;
  const item = addMessage("assistant", "");
  item.classList.add("busy");
  const controller = new AbortController();
  setRunning(controller);
  const found = collect(item);
  let problem = null;
  try {
    const response = await ask("/v1/chat/completions", { method: "POST", body: body(), signal: controller.signal });
    await readEvents(response, found.take);
  } catch (error) {
    if (error.name !== "AbortError") problem = wordsOf(error);
  }
  if (messages !== conversation) return;
  if (problem) $("notice").textContent = problem;
  item.classList.remove("busy");
  if (found.content) {
    messages.push({ role: "assistant", content: found.content });
    showEnding(item, found);
    showFigures(item, found);
  } else if (found.ending) {
    messages.push({ role: "assistant", content: "" });
    item.querySelector(".ending").textContent = "The model said nothing.";
  } else takeBack(question, item);
  setRunning(null);
};

/** The text box keeps the focus: whoever goes on typing must not stop the answer by it. */
const setRunning = (controller) => {
  const leavesButton = [$("send"), $("stop")].includes(document.activeElement);
  running = controller;
  $("stop").hidden = !running;
  $("send").hidden = running !== null;
  $("log").setAttribute("aria-busy", running !== null);
  if (leavesButton) $("prompt").focus();
};

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("prompt").value.trim();
  if (!text || running) return;
  $("notice").textContent = "";
  $("prompt").value = "";
  messages.push({ role: "user", content: text });
  answer(addMessage("user", text));
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
  setRunning(null);
  $("log").replaceChildren();
  $("notice").textContent = "";
  $("prompt").focus();
});
