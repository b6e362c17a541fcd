// Follows /v1/live, and says so when it cannot: a board that stands still must not look calm.
const SILENT_MS = 25_000; // the stream says something every ten seconds
const ANYWAY_MS = 15_000; // health and numbers move without events
const DEVICES_MS = 2_000; // a fleet chatters; people cannot read faster

const link = document.getElementById("link");
const lost = document.getElementById("lost");

let source;
let heardAt = Date.now();
let interrupted = true;
let refreshing = false;
let again = false;
let timer;
let currentAt = Date.now();

function display(state) {
  if (link.dataset.state === state) return;
  link.dataset.state = state;
  link.textContent = link.dataset[state];
  lost.hidden = state !== "lost";
  if (state === "lost") {
    const since = new Date(currentAt);
    const text = since.toLocaleTimeString(document.documentElement.lang);
    document.getElementById("lost-since").textContent = text;
  }
}

export function follow(refresh) {
  async function update() {
    clearTimeout(timer);
    timer = undefined;
    if (refreshing) {
      again = true;
      return;
    }
    refreshing = true;
    try {
      await refresh();
      currentAt = Date.now();
      if (!interrupted) display("live");
    } catch {
      display("lost");
    } finally {
      refreshing = false;
    }
    if (again) {
      again = false;
      later(200);
    }
  }

  function later(milliseconds) {
    timer ??= setTimeout(update, milliseconds);
  }

  function connect() {
    source?.close();
    heardAt = Date.now();
    source = new EventSource("/v1/live");
    const on = (name, act) =>
      source.addEventListener(name, () => {
        heardAt = Date.now();
        act();
      });
    on("alive", () => {});
    on("ticket", update);
    on("health", update);
    on("device", () => later(DEVICES_MS));
    on("refresh", () => {
      interrupted = false;
      update();
    });
    on("interrupted", () => {
      interrupted = true;
      display("lost");
    });
    source.onerror = () => {
      interrupted = true;
      display("lost");
      // The browser tries again by itself, unless the server answered with an error.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    };
  }

  connect();
  // The browser knows of the line before any stream does: lost at once, and right again at once.
  addEventListener("offline", () => {
    interrupted = true;
    display("lost");
  });
  addEventListener("online", connect);
  setInterval(() => {
    if (Date.now() - heardAt > SILENT_MS) {
      interrupted = true;
      display("lost");
      connect();
    }
  }, 5_000);
  setInterval(update, ANYWAY_MS);
  addEventListener("pagehide", () => source.close());
}
