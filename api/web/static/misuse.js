// Adds files to a case. Without scripts the interface takes them (docs/misuse.md).
document.documentElement.classList.add("scripted");

async function add(input) {
  const status = document.getElementById("upload-status");
  for (const file of input.files) {
    const address = `/v1/misuse-cases/${input.dataset.case}/files?name=${encodeURIComponent(file.name)}`;
    status.textContent = file.name;
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": file.type },
      body: file,
    });
    if (!answer.ok) {
      const problem = await answer.json();
      status.textContent = problem.errors?.[0]?.detail ?? problem.detail;
      return;
    }
  }
  location.reload();
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches("input[type=file][data-case]")) {
    add(input).catch(() => {
      document.getElementById("upload-status").textContent = input.dataset.lost;
    });
  }
});
