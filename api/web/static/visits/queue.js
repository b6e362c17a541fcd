// What was tapped and not taken yet: kept in the order of the taps until the platform has answered,
// also while the page is closed. Used by the page and by its worker.
const DATABASE = "liftwacht-visits";
const STORE = "queue";
const AT_ONCE = 20;
const ANSWER_MS = 30_000;

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run(mode, act) {
  const transaction = (await database()).transaction(STORE, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

// What a form tells, to be kept: with its moment, and an id by which it is done once.
export function itemOf(ticket, fields) {
  const { request_id: _, login: __, ...said } = Object.fromEntries(fields);
  const item = { ticket: Number(ticket), requestId: crypto.randomUUID(), happenedAt: new Date().toISOString() };
  for (const [name, value] of Object.entries(said)) {
    item[name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())] = value;
  }
  return item;
}

// entry: { login, kind: "act" | "photo", label, item, blob?, state: "waiting" | "refused", why? }
export const add = (entry) => run("readwrite", (store) => store.add({ ...entry, state: "waiting" }));
export const all = () => run("readonly", (store) => store.getAll());
export const remove = (number) => run("readwrite", (store) => store.delete(number));

export async function again(number) {
  const entry = await run("readonly", (store) => store.get(number));
  if (entry) await run("readwrite", (store) => store.put({ ...entry, state: "waiting", why: undefined }));
}

const refuse = (entry, why, detail) =>
  run("readwrite", (store) => store.put({ ...entry, state: "refused", why, detail }));

const waiting = async (login, kind) =>
  (await all()).filter((each) => each.state === "waiting" && each.login === login && each.kind === kind);

function post(path, type, body) {
  const signal = AbortSignal.timeout(ANSWER_MS);
  // A sign-in page is no answer.
  return fetch(path, { method: "POST", headers: { "Content-Type": type }, body, signal, redirect: "error" });
}

// Sends what waits of whoever is signed in. Returns what holds it up: "" (nothing), "line",
// "signed-out", "somebody-else", "busy". One at a time, whatever tabs and workers there are.
export function flush(login, changed = () => {}) {
  return navigator.locks.request("liftwacht-visits", async () => {
    try {
      return (await acts(login, changed)) || (await photos(login, changed));
    } catch (error) {
      // No line, or too slow an answer: what was done without our hearing of it is done once.
      if (error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError") return "line";
      throw error;
    }
  });
}

function obstacle(response) {
  if (response.status === 401) return "signed-out";
  if (response.status >= 500 || response.status === 429) return "busy";
  return "";
}

async function acts(login, changed) {
  for (;;) {
    let batch = (await waiting(login, "act")).slice(0, AT_ONCE);
    if (!batch.length) return "";
    // The photos of an inspection are part of it: they go before it.
    const inspection = batch.findIndex((each) => each.item.do === "inspect");
    if (inspection === 0) {
      const held = await photos(login, changed);
      if (held) return held;
      batch = batch.slice(0, 1);
    } else if (inspection > 0) {
      batch = batch.slice(0, inspection);
    }
    const items = batch.map((each) => each.item);
    const sentAt = new Date().toISOString();
    const response = await post("/v1/visits/sync", "application/json", JSON.stringify({ login, sentAt, items }));
    if (obstacle(response)) return obstacle(response);
    if (response.status === 409) return "somebody-else";
    if (!response.ok) {
      // Not to be taken as it is, and none of the rest must wait for it: one by one, if it is many.
      if (batch.length === 1) await refuse(batch[0], "invalid", (await problem(response)).detail);
      else await oneByOne(login, batch);
      await changed();
      continue;
    }
    const answers = (await response.json()).items;
    let held = false;
    for (const [index, entry] of batch.entries()) {
      const answer = answers[index];
      if (answer.state === "done") await remove(entry.number);
      else if (answer.state === "refused") await refuse(entry, answer.why, answer.detail);
      else held = true;
    }
    await changed();
    if (held) return "busy";
  }
}

async function oneByOne(login, batch) {
  for (const entry of batch) {
    const body = JSON.stringify({ login, sentAt: new Date().toISOString(), items: [entry.item] });
    const response = await post("/v1/visits/sync", "application/json", body);
    if (obstacle(response)) throw new TypeError("no line");
    if (!response.ok) {
      await refuse(entry, "invalid", (await problem(response)).detail);
      continue;
    }
    const [answer] = (await response.json()).items;
    if (answer.state === "done") await remove(entry.number);
    else if (answer.state === "refused") await refuse(entry, answer.why, answer.detail);
    else throw new TypeError("not now");
  }
}

async function photos(login, changed) {
  for (const entry of await waiting(login, "photo")) {
    const { ticket, name, requestId, happenedAt } = entry.item;
    const query = new URLSearchParams({ login, name, requestId, happenedAt, sentAt: new Date().toISOString() });
    const response = await post(`/v1/visits/${ticket}/photos?${query}`, entry.blob.type, entry.blob);
    if (obstacle(response)) return obstacle(response);
    if (response.ok) {
      await remove(entry.number);
    } else {
      await refuse(entry, response.status === 404 ? "unknown" : "photo", (await problem(response)).detail);
    }
    await changed();
  }
  return "";
}

async function problem(response) {
  try {
    const found = await response.json();
    return { detail: found.errors?.[0]?.detail ?? found.detail };
  } catch {
    return { detail: response.statusText };
  }
}
