// Makes itself heard and seen while an emergency is open that nobody took on.
const button = document.getElementById("sound");
const announcer = document.getElementById("announcer");
const known = new Map(); // whether somebody had it, by number

let audio;
let muted = localStorage.getItem("muted") === "yes";
let flash = false;
document.body.dataset.title = document.title;

const emergencies = () => [...document.querySelectorAll("[data-emergency]")];
const waiting = () => emergencies().some((each) => each.dataset.acknowledged === "no");

function display() {
  const state = muted ? "off" : audio?.state === "running" ? "on" : "blocked";
  button.dataset.state = state;
  button.textContent = button.dataset[state];
  button.setAttribute("aria-pressed", String(state === "on"));
}

// Browsers allow sound only after the first click or key.
async function allow() {
  audio ??= new AudioContext();
  if (audio.state !== "running") await audio.resume();
  display();
}

function beep() {
  if (muted || audio?.state !== "running") return;
  const start = audio.currentTime;
  for (const [at, frequency] of [[0, 880], [0.22, 660]]) {
    const tone = new OscillatorNode(audio, { frequency, type: "triangle" });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setTargetAtTime(0.35, start + at, 0.01);
    volume.gain.setTargetAtTime(0, start + at + 0.14, 0.02);
    tone.connect(volume).connect(audio.destination);
    tone.start(start + at);
    tone.stop(start + at + 0.3);
  }
}

function announce() {
  const now = emergencies();
  // Forgotten is as new: somebody had it, and nobody has.
  const lost = (each) => known.get(each.dataset.emergency) === "yes" && each.dataset.acknowledged === "no";
  const fresh = now.filter((each) => !known.has(each.dataset.emergency) || lost(each));
  known.clear();
  for (const each of now) known.set(each.dataset.emergency, each.dataset.acknowledged);
  if (fresh.length) announcer.textContent = fresh.map((each) => each.dataset.announce).join(". ");
  if (fresh.some((each) => each.dataset.acknowledged === "no")) beep();
}

function blink() {
  flash = waiting() && !flash;
  document.title = (flash ? "⚠ " : "") + document.body.dataset.title;
}

export function sound() {
  for (const each of emergencies()) known.set(each.dataset.emergency, each.dataset.acknowledged);
  // The very click that allows sound must not mute it: what counts is what the button said before.
  let before;
  const remember = () => {
    before = button.dataset.state;
  };
  button.addEventListener("pointerdown", remember);
  button.addEventListener("keydown", remember);
  button.addEventListener("click", () => {
    const state = before ?? button.dataset.state;
    before = undefined;
    if (state === "blocked") return;
    muted = !muted;
    localStorage.setItem("muted", muted ? "yes" : "no");
    display();
  });
  addEventListener("pointerdown", allow);
  addEventListener("keydown", allow);
  document.addEventListener("page", announce);
  setInterval(blink, 1000);
  setInterval(() => waiting() && beep(), 3000);
  allow();
  display();
}
