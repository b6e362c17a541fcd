// Sends a chosen file as it is, and shows what came of it.
const form = document.getElementById("compare");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = document.getElementById("said");
  const file = form.elements.file.files[0];
  if (!file) return;
  said.textContent = form.dataset.busy;
  const query = new URLSearchParams({ municipality: form.dataset.municipality, name: file.name });
  try {
    const answer = await fetch(`/v1/file-comparisons?${query}`, { method: "POST", body: file });
    if (answer.ok) return location.reload();
    const problem = await answer.json();
    said.textContent = problem.errors?.[0]?.detail ?? problem.detail;
  } catch {
    said.textContent = form.dataset.lost;
  }
});
