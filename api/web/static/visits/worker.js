// Shows a mechanic's pages while there is no line, and sends what waits when there is one again.
import { add, all, flush, itemOf } from "/static/visits/queue.js";

const PAGES = "liftwacht-visit-pages";
const FILES = "liftwacht-visit-files-1";
const PATIENCE_MS = 5_000; // a poor line is worse than none: then what we have is shown
const NEEDED = [
  "/static/desk.css",
  "/static/visits/visits.css",
  "/static/visits/visits.js",
  "/static/visits/queue.js",
  "/static/visits/drawing.js",
  "/static/visits/photo.js",
  "/static/vendor/idiomorph.esm.js",
  "/static/icon.svg",
];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(FILES)
      .then((cache) => cache.addAll(NEEDED.map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("liftwacht-visit-files") && name !== FILES) await caches.delete(name);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && /^\/visits\/\d+$/.test(pathname)) event.respondWith(form(request, pathname));
  if (request.method !== "GET") return;
  if (NEEDED.includes(pathname)) event.respondWith(file(event));
  else if (/^\/visits(\/\d+)?$/.test(pathname)) event.respondWith(page(request, pathname));
});

// New if it comes in time, else as it was.
async function page(request, path) {
  const cache = await caches.open(PAGES);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok && !response.redirected) await cache.put(path, response.clone());
    // Sent to sign in, or no visit of theirs any more: then it is not for whoever holds the phone.
    else if (response.redirected || response.type === "opaqueredirect") await caches.delete(PAGES);
    else if (response.status < 500) await cache.delete(path);
    return response;
  } catch (error) {
    const kept = (await cache.match(path)) ?? (await cache.match("/visits"));
    if (kept) return old(kept);
    throw error;
  }
}

// A page as it was says so.
function old(kept) {
  const headers = new Headers(kept.headers);
  headers.set("X-Kept", "yes");
  return new Response(kept.body, { status: kept.status, headers });
}

// Sent before the page's script was there to keep it.
async function form(request, path) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const fields = await copy.formData();
    const item = itemOf(path.split("/").at(-1), fields);
    // It may have arrived, and the answer got lost: with the form's own id it is done once.
    item.requestId = fields.get("request_id");
    await add({ login: fields.get("login"), kind: "act", label: item.do, item });
    return Response.redirect(path, 303);
  }
}

// As we have it; what is newer is for the next time.
async function file(event) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(event.request, { ignoreSearch: true });
  const fresh = fetch(event.request).then(async (response) => {
    if (response.ok) await cache.put(event.request, response.clone());
    return response;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}

// The browser says that there is a line, perhaps with no page open.
self.addEventListener("sync", (event) => {
  if (event.tag === "visits") event.waitUntil(send());
});

async function send() {
  const logins = new Set((await all()).filter((each) => each.state === "waiting").map((each) => each.login));
  for (const login of logins) {
    // Trying again is the browser's, if we say that it failed.
    if (["line", "busy"].includes(await flush(login))) throw new Error("not sent yet");
  }
  for (const client of await self.clients.matchAll()) client.postMessage("sent");
}
