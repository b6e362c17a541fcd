// Clocks run by the server's time: a desk whose own clock is wrong still shows the right span.
let offset = 0;

function measure() {
  offset = Date.parse(document.getElementById("page").dataset.now) - Date.now();
}

function written(milliseconds) {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const days = Math.floor(total / 86400);
  const hours = Math.floor(total / 3600) % 24;
  const minutes = Math.floor(total / 60) % 60;
  if (days) return `${days} d ${two(hours)}:${two(minutes)}`;
  const rest = `${two(minutes)}:${two(total % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function tick() {
  const now = Date.now() + offset;
  for (const element of document.querySelectorAll("[data-since]")) {
    set(element, written(now - Date.parse(element.dataset.since)));
  }
  for (const element of document.querySelectorAll("[data-due]")) {
    const left = Date.parse(element.dataset.due) - now;
    const pattern = left < 0 ? element.dataset.late : element.dataset.left;
    set(element, pattern.replace("{}", written(Math.abs(left))));
    element.closest(".due")?.classList.toggle("late", left < 0);
  }
}

measure();
document.addEventListener("page", () => {
  measure();
  tick();
});
