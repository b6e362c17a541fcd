// Single keys act on the emergency that has the focus, else on the first. They can be switched off.
const setting = document.getElementById("keys-on");

const articles = () => [...document.querySelectorAll("[data-ticket]")];
const focused = () => document.activeElement?.closest("[data-ticket]");

function step(by) {
  const all = articles();
  if (!all.length) return;
  const at = all.indexOf(focused());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  all[next].querySelector("[data-open]").focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function press(act) {
  const article = focused() ?? articles()[0];
  const target = article?.querySelector(`[data-act="${act}"]`);
  if (target instanceof HTMLFormElement) target.requestSubmit();
  else target?.click();
}

function search() {
  const menu = document.querySelector(".menu");
  if (menu) menu.open = true; // where it is folded
  document.getElementById("search")?.focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("acknowledge"),
  n: () => press("note"),
  v: () => press("release"),
  g: () => location.assign("/"),
  m: () => document.getElementById("sound").click(),
  "/": search,
  "?": () => document.getElementById("keys").showModal(),
};

function typing(target) {
  return target.closest?.("input, textarea, select, dialog[open]");
}

export function listen() {
  setting.checked = localStorage.getItem("keys") !== "off";
  setting.addEventListener("change", () => {
    localStorage.setItem("keys", setting.checked ? "on" : "off");
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (!setting.checked && event.key !== "?") return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
