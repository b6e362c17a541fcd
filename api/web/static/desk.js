// The page as the server rendered it, kept up to date: the modules know nothing of each other.
import { sound } from "./alarm.js";
import { tick } from "./clocks.js";
import { follow } from "./live.js";
import { listen } from "./keys.js";
import { enhance } from "./forms.js";
import { refresh } from "./page.js";
import { take } from "./files.js";
import { attend } from "./present.js";

enhance();
listen();
sound();
setInterval(tick, 1000);
attend();
take();
follow(refresh);
document.documentElement.dataset.begun = "yes";
