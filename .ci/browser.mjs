// The web pages walked in headless Chromium, as `functions/local/tests/browser` starts it: one line for each check, and in
// the end a list of what failed.
//
// STATUSPHERE_BROWSER is the folder with node_modules, STATUSPHERE_URL where the pages are, STATUSPHERE_SCREENSHOTS a folder
// for pictures of all pages, STATUSPHERE_WALKS some of the walks' names with commas between.
import { verdict } from "./walks/checks.mjs";
import { close } from "./walks/browser.mjs";
import { looks } from "./walks/looks.mjs";
import { home } from "./walks/home.mjs";
import { page } from "./walks/page.mjs";
import { stack } from "./walks/stack.mjs";
import { rest } from "./walks/rest.mjs";
import { hostile } from "./walks/hostile.mjs";
import { weights } from "./walks/weights.mjs";
import { lighthouse } from "./walks/lighthouse.mjs";

const WALKS = { weights, home, page, rest, hostile, looks, stack, lighthouse };
const wanted = process.env.STATUSPHERE_WALKS?.split(",") ?? Object.keys(WALKS);
for (const name of wanted) {
  const started = Date.now();
  console.log(`\n--- ${name}`);
  await WALKS[name]();
  console.log(`--- ${name}: ${Math.round((Date.now() - started) / 1000)} s`);
}
await close();
process.exit(verdict() ? 0 : 1);
