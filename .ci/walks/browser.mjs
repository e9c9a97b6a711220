// Chromium, and visitors: each with a profile of its own, who notes whatever a page does that it must not.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { none } from "./checks.mjs";

export const URL_OF_PAGES = process.env.STATUSPHERE_URL;
export const MODULES = join(process.env.STATUSPHERE_BROWSER, "node_modules");
export const CHROMIUM = process.env.STATUSPHERE_CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1440, height: 900 };
export const SIZES = [PHONE, DESKTOP];

const require = createRequire(join(MODULES, "from-here.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// What WCAG 2.2 asks for up to AA, and what is known to help.
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
export const close = () => browser.close();

// The world outside moves time by so many minutes.
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export async function step(minutes) {
  console.log(`@step ${minutes}`);
  await answers.next();
}

// Somebody with a browser of their own, in Tokyo. `scripts: false` has them off.
export async function visitor({ size = DESKTOP, scheme = "light", scripts = true, calm = false } = {}) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    reducedMotion: calm ? "reduce" : "no-preference",
    timezoneId: "Asia/Tokyo",
    locale: "en-GB",
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: URL_OF_PAGES });
  const page = await context.newPage();
  const name = `${size.width} px, ${scheme}${scripts ? "" : ", no scripts"}`;
  const troubles = [];
  let refused;
  await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)));
  page.on("console", (message) => {
    // The browser says so of every page with such a status; that it has it is what was asked for.
    const expected = message.text().startsWith("Failed to load resource") && message.location().url === refused;
    if (["error", "warning"].includes(message.type()) && !expected) troubles.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error}`));
  page.on("dialog", (dialog) => (troubles.push(`${page.url()}: a dialog: ${dialog.message()}`), dialog.dismiss()));
  context.on("request", (request) => request.url().startsWith(`${URL_OF_PAGES}/`) || troubles.push(`${page.url()}: asks ${request.url()}`));

  return {
    page,
    context,
    name,
    // Opens a page; it must have this status.
    async go(path, status = 200) {
      if (status >= 400) refused = URL_OF_PAGES + path;
      const answer = await page.goto(URL_OF_PAGES + path, { waitUntil: "load" });
      if (answer && answer.status() !== status) troubles.push(`${path} has the status ${answer.status()}`);
    },
    text: (selector) => page.locator(selector).first().innerText({ timeout: 5000 }),
    texts: (selector) => page.locator(selector).allInnerTexts(),
    // What this visitor met, said in one check.
    async leave(what) {
      const cookies = (await context.cookies()).map((cookie) => `the cookie ${cookie.name}`);
      none(`${what} (${name}): no error, no warning, nothing refused by the policy, nothing from elsewhere, no cookie`, [...troubles, ...cookies]);
      await context.close();
    },
  };
}

// What axe finds wrong, a line for each.
export async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] }), TAGS);
  return violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${node.any.concat(node.all, node.none).map((why) => why.message).join("; ").slice(0, 200)})`).join(" | ")}`);
}
