// Attaches photos and letters from the desk: each file is a request of its own, and the page follows.
import { refresh } from "./page.js";

const message = document.getElementById("message");

async function attach(input) {
  const { attach: to, most, large, failed } = input.dataset;
  message.textContent = "";
  for (const file of input.files) {
    if (file.size > Number(most)) {
      message.textContent = `${file.name}: ${large}`;
      continue;
    }
    const query = new URLSearchParams({ name: file.name.slice(-200), requestId: crypto.randomUUID() });
    const response = await fetch(`${to}?${query}`, {
      method: "POST",
      headers: { "Content-Type": file.type },
      body: file,
    }).catch(() => null);
    if (!response?.ok) message.textContent = `${file.name}: ${failed}`;
  }
  input.value = "";
  await refresh().catch(() => {}); // the bar on top says that there is no connection
}

export function take() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-attach]")) attach(event.target);
  });
}
