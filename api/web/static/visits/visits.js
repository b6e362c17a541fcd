// Keeps what a mechanic tells until it is sent, and says what waits and what was refused.
import { Idiomorph } from "/static/vendor/idiomorph.esm.js";
import { prepare } from "./drawing.js";
import { smaller } from "./photo.js";
import { add, again, all, flush, itemOf, remove } from "./queue.js";

const AGAIN_MS = 15_000;
const PAGES = "liftwacht-visit-pages";
const { login } = document.body.dataset;
const state = document.getElementById("line");
const list = document.getElementById("waiting");
const section = document.getElementById("queue");
const texts = document.getElementById("texts").dataset;
const drawings = new WeakMap();

const say = (word) => {
  if (state.dataset.state === word) return;
  state.dataset.state = word;
  state.textContent = texts[word];
};

async function show() {
  const entries = await all();
  section.hidden = entries.length === 0;
  list.replaceChildren(...entries.map(row));
  for (const button of document.querySelectorAll("[data-do]")) {
    const told = entries.some(
      (each) => each.state === "waiting" && each.item.do === button.dataset.do && String(each.item.ticket) === button.dataset.ticket,
    );
    button.classList.toggle("told", told);
  }
}

function row(entry) {
  const found = document.getElementById(entry.state === "refused" ? "refused-row" : "waiting-row").content.cloneNode(true);
  const [line] = found.children;
  const at = new Date(entry.item.happenedAt);
  line.querySelector("time").dateTime = entry.item.happenedAt;
  line.querySelector("time").textContent = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  line.querySelector(".label").textContent = entry.label;
  line.querySelector("a").href = `/visits/${entry.item.ticket}`;
  line.querySelector("a").append(` ${entry.item.ticket}`);
  if (entry.login !== login) line.querySelector(".whose").textContent = entry.login;
  if (entry.state !== "refused") return line;
  const said = document.querySelector(`#refusals [data-why="${entry.why}"]`);
  line.querySelector(".why").textContent = said?.textContent ?? entry.detail;
  line.querySelector(".again").addEventListener("click", () => again(entry.number).then(show).then(send));
  line.querySelector(".remove").addEventListener("click", () => remove(entry.number).then(show));
  return line;
}

// What cannot be kept must not look as if it were.
function failed(error) {
  document.getElementById("not-kept").hidden = false;
  throw error;
}

async function keep(entry) {
  await add({ login, ...entry }).catch(failed);
  await show();
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("visits")).catch(() => {});
}

let sending = false;
let more = false;

async function send() {
  more = true;
  if (sending) return;
  sending = true;
  try {
    while (more) {
      more = false;
      let answered = false;
      const held = await flush(login, () => {
        answered = true;
        return show();
      });
      say(held || "online");
      if (answered) await refresh();
    }
  } finally {
    sending = false;
  }
}

let asked = 0;
let renewing = false;
let stale = false; // what was told is taken, and the page does not show it yet

// One after the other, so that an older page never comes after a newer one.
async function refresh() {
  asked += 1;
  if (renewing) return;
  renewing = true;
  try {
    for (let seen = 0; seen !== asked;) {
      seen = asked;
      stale = !(await renew());
    }
  } finally {
    renewing = false;
  }
}

// The page anew, without touching what somebody is filling in. Returns whether it is: one of the
// phone's own copies is no news.
async function renew() {
  const response = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok || response.redirected || response.headers.has("X-Kept")) return false;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("page");
  if (!fresh) return false;
  const focused = document.activeElement;
  Idiomorph.morph(document.getElementById("page"), fresh, {
    ignoreActiveValue: focused.matches("input, textarea, select"), // a button is what it says
    callbacks: {
      beforeNodeMorphed: (old) => !(old instanceof HTMLDetailsElement && old.open && old.querySelector("form")),
    },
  });
  if (!focused.isConnected) document.getElementById("main").focus({ preventScroll: true });
  enhance();
  await show();
  return true;
}

async function tell(event) {
  const form = event.target;
  if (!form.matches("form[data-ticket]")) return;
  event.preventDefault();
  const item = itemOf(form.dataset.ticket, new FormData(form, event.submitter));
  const canvas = form.querySelector("canvas");
  if (canvas) {
    item.drawing = drawings.get(canvas).content();
    if (!item.drawing && !item.statement) {
      form.querySelector("[name=statement]").focus();
      return;
    }
  }
  await keep({ kind: "act", label: event.submitter.dataset.label ?? event.submitter.textContent.trim(), item });
  form.reset();
  if (canvas) drawings.get(canvas).clear();
  const details = form.closest("details");
  if (details) {
    details.open = false;
    details.querySelector("summary").focus();
  }
  await send();
}

async function photographed(event) {
  const input = event.target;
  if (!input.matches("input[type=file]")) return;
  for (const file of input.files) {
    // A picture that this browser cannot read goes as it is: the platform says what it takes.
    const blob = await smaller(file).catch(() => file);
    const name = `${file.name.replace(/\.\w+$/, "") || "foto"}${blob === file ? "" : ".jpg"}`.slice(-200);
    const item = { ticket: Number(input.dataset.ticket), name, requestId: crypto.randomUUID(), happenedAt: new Date().toISOString() };
    await keep({ kind: "photo", label: input.dataset.label, item, blob });
  }
  input.value = "";
  await send();
}

function enhance() {
  for (const canvas of document.querySelectorAll("canvas")) {
    if (!drawings.has(canvas)) drawings.set(canvas, prepare(canvas));
  }
  for (const each of document.querySelectorAll("[data-script]")) each.hidden = false;
}

// Every visit is kept for when there is no line; what is not theirs any more is thrown away.
async function provide() {
  const links = [...document.querySelectorAll("a[data-version]")];
  if (location.pathname !== "/visits") return;
  const cache = await caches.open(PAGES);
  const wanted = new Set(["/visits", ...links.map((each) => each.pathname)]);
  for (const { url } of await cache.keys()) {
    if (!wanted.has(new URL(url).pathname)) await cache.delete(url);
  }
  await fetch("/visits", { headers: { Accept: "text/html" } });
  for (const link of links) {
    const kept = await cache.match(link.pathname);
    // Each time is a look at somebody's data: only what has changed.
    if (kept?.headers.get("ETag") !== `W/"${link.dataset.version}"`) await fetch(link.pathname, { headers: { Accept: "text/html" } });
  }
}

async function work() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/visits/worker.js", { type: "module", scope: "/visits" });
  if (!navigator.serviceWorker.controller) {
    await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  }
  await provide();
  document.body.dataset.kept = "yes";
}

document.addEventListener("submit", (event) => {
  // Whoever has the phone next finds nobody's data on it; what waits stays, and is theirs.
  if (event.target.matches("form.who")) caches.delete(PAGES);
  else tell(event);
});
document.addEventListener("change", photographed);
document.addEventListener("click", (event) => {
  const canvas = event.target.closest("[data-clear]")?.closest("form").querySelector("canvas");
  if (canvas) drawings.get(canvas).clear();
});
addEventListener("online", send);
addEventListener("offline", () => say("line"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
navigator.serviceWorker?.addEventListener("message", () => refresh());
setInterval(async () => {
  if ((await all()).some((each) => each.state === "waiting")) await send();
  else if (document.visibilityState === "visible" && (stale || location.pathname === "/visits")) await refresh();
}, AGAIN_MS);

enhance();
say(navigator.onLine ? "online" : "line");
show().then(send);
work().catch((error) => console.warn(error)); // no worker in this browser: the rest works
