// Fetches the page anew and changes only what differs: focus, open dialogs and what somebody is
// typing stay as they are.
import { Idiomorph } from "./vendor/idiomorph.esm.js";

const settings = {
  ignoreActiveValue: true,
  callbacks: {
    beforeNodeMorphed: (old, fresh) => {
      if (old instanceof HTMLDialogElement && old.open) return false;
      if (!(old instanceof HTMLFormElement && filledIn(old))) return true;
      if (old.dataset.follows !== undefined) follow(old, fresh);
      return false;
    },
    // Also one that is not on the page any more: what somebody types is not lost while they type.
    beforeNodeRemoved: (old) =>
      !(old instanceof HTMLElement && (old.matches("dialog[open]") || old.querySelector("dialog[open]"))),
    // Whoever opened or shut something finds it so again; but what comes next opens by itself, once.
    beforeAttributeUpdated: (name, node, change) => {
      if (!(node instanceof HTMLDetailsElement)) return true;
      if (name === "data-next" && change === "update" && !node.hasAttribute(name)) node.open = true;
      return name !== "open";
    },
  },
};

// Whether somebody has typed or chosen something that is not sent yet: it stays, whatever comes in.
function filledIn(form) {
  return [...form.elements].some((field) => {
    if (field instanceof HTMLSelectElement) {
      const chosen = [...field.options].findIndex((each) => each.defaultSelected);
      return field.selectedIndex !== Math.max(chosen, 0);
    }
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
  });
}

// What a form rests on is what now stands around it.
function follow(form, fresh) {
  for (const field of fresh.querySelectorAll?.("input[type=hidden]") ?? []) {
    const own = form.elements.namedItem(field.name);
    if (own && field.name !== "do") own.value = field.value;
  }
}

// Shows a response that holds a whole page of ours.
export async function show(response) {
  if (response.redirected && new URL(response.url).pathname === "/sign-in") {
    // What stands on the screen stays there: an alarm must not give way to a form.
    document.getElementById("signed-out").hidden = false;
    throw new Error("signed out");
  }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const page = fresh.getElementById("page");
  if (!page) throw new Error("not a page of ours");
  // Where a form led is where the page is fetched anew, and where a reload leads.
  const at = new URL(response.url);
  if (response.redirected) history[at.pathname === location.pathname ? "replaceState" : "pushState"](null, "", at);
  Idiomorph.morph(document.getElementById("page"), page, settings);
  document.body.dataset.title = fresh.title;
  document.dispatchEvent(new CustomEvent("page"));
}

export async function refresh() {
  const response = await fetch(location.href, {
    headers: { Accept: "text/html" },
    signal: AbortSignal.timeout(8000),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  await show(response);
}

addEventListener("popstate", () => location.reload());
