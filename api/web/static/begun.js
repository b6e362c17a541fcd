// A module that did not arrive, since a connection broke while it was fetched, takes all others with
// it: nothing would move, and no alarm sound. By itself, so that it does not share their fate.
const BEGINS_WITHIN_MS = 10_000;

function begun() {
  if (document.documentElement.dataset.begun) return;
  const link = document.getElementById("link");
  if (link) link.textContent = link.dataset.lost;
  // What somebody types is not lost while they type.
  if (document.activeElement?.matches("input, textarea, select")) setTimeout(begun, 1_000);
  else location.reload();
}

setTimeout(begun, BEGINS_WITHIN_MS);
