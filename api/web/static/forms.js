// Sends forms without leaving the page, so that sound and focus survive. Without this module they
// work too: the server answers with a redirect.
import { show } from "./page.js";

const message = document.getElementById("message");

// What somebody wrote stays in its form, beside what changed meanwhile; sent again, it counts.
function again(form, changed) {
  form.querySelector(".changed")?.remove();
  changed.removeAttribute("id");
  changed.setAttribute("role", "alert");
  form.querySelector("h2").after(changed);
  if (form.elements.version) form.elements.version.value = changed.dataset.version;
  changed.focus();
}

async function send(form, button) {
  message.textContent = "";
  button?.setAttribute("aria-disabled", "true");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "text/html" },
      body: new URLSearchParams(new FormData(form)),
    });
    const dialog = form.closest("dialog");
    if (response.ok) {
      dialog?.close();
      form.closest("details.act")?.removeAttribute("open");
      form.reset();
      const at = button?.closest("[data-ticket]")?.dataset.ticket;
      await show(response);
      // One after the other, from a pile of paper: on to the first field.
      if (form.dataset.again !== undefined) document.querySelector("[data-again] [autofocus]")?.focus();
      if (document.activeElement === document.body) {
        document.querySelector(`[data-ticket="${at}"] [data-open]`)?.focus();
      }
    } else {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const changed = page.getElementById("changed");
      if (dialog && changed) return again(form, changed);
      dialog?.close();
      message.textContent = page.getElementById("problem")?.textContent ?? response.statusText;
    }
  } catch {
    message.textContent = document.getElementById("link").dataset.lost;
  } finally {
    button?.removeAttribute("aria-disabled");
  }
}

export function enhance() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form.method !== "post" || form.classList.contains("who") || form.dataset.plain !== undefined) return;
    if (form.enctype === "multipart/form-data") return; // files go as the browser sends them
    event.preventDefault();
    if (button?.getAttribute("aria-disabled") !== "true") send(form, button);
  });
}
