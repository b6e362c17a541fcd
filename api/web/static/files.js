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
    const address = new URL(to, location.href);
    address.searchParams.set("name", file.name.slice(-200));
    if (input.dataset.once !== undefined) address.searchParams.set("requestId", crypto.randomUUID());
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": file.type },
      body: file,
    }).catch(() => null);
    if (!response?.ok) {
      const problem = await response?.json().catch(() => null);
      message.textContent = [`${file.name}: ${failed}`, problem?.errors?.[0]?.detail].filter(Boolean).join(" – ");
    }
  }
  input.value = "";
  await refresh().catch(() => {}); // the bar on top says that there is no connection
}

export function take() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-attach]")) attach(event.target);
  });
}
