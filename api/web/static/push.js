// Has this browser show messages, also while no page of ours is open.
const button = document.getElementById("subscribe");
const refused = document.getElementById("refused");

async function subscribe() {
  const worker = await navigator.serviceWorker.register("/static/push_worker.js");
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: button.dataset.key,
  });
  const answer = await fetch("/v1/ways", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      kind: "push",
      name: button.dataset.name,
      address: JSON.stringify(subscription),
    }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

button?.addEventListener("click", async () => {
  button.disabled = true;
  try {
    await subscribe();
    location.reload();
  } catch {
    refused.textContent = button.dataset.refused;
    button.disabled = false;
  }
});
