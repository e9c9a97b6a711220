// Lighthouse on the main pages, a phone in a slow network as it imagines one; said loudly where it can't run.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { check, walk } from "./checks.mjs";
import { CHROMIUM, FLAGS, MODULES, URL_OF_PAGES } from "./browser.mjs";

const LEAST = 95;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const PAGES = [
  ["home", "/", CATEGORIES],
  ["page", "/status/kestrel", CATEGORIES],
  ["stack", "/stack?pages=kestrel,heron,osprey", CATEGORIES],
];
// A busy machine makes a page slow, never fast: the best try counts.
const TRIES = 3;

export async function lighthouse() {
  const program = join(MODULES, "lighthouse", "cli", "index.js");
  if (!existsSync(program)) {
    console.log("NOT CHECKED: Lighthouse is not installed; what stands in for it are axe, the requests and the bytes above");
    return;
  }
  for (const page of PAGES) await walk(`lighthouse ${page[0]}`, () => scored(program, ...page));
}

async function scored(program, name, path, categories) {
  let best;
  for (let n = 0; n < TRIES && !(best && categories.every((one) => best[one].score >= LEAST / 100)); n += 1) {
    const settings = ["--quiet", "--output=json", `--only-categories=${categories}`, `--chrome-flags=--headless ${FLAGS.join(" ")}`, "--no-enable-error-reporting"];
    const { stdout } = await promisify(execFile)(process.execPath, [program, URL_OF_PAGES + path, ...settings], { maxBuffer: 1 << 28, timeout: 180_000, env: { ...process.env, CHROME_PATH: CHROMIUM } });
    const report = JSON.parse(stdout);
    if (report.runtimeError) throw new Error(report.runtimeError.message);
    if (!best || report.categories.performance.score >= best.performance.score) best = Object.assign(report.categories, { audits: report.audits });
  }
  for (const category of categories) {
    const score = Math.round(best[category].score * 100);
    const lacking = best[category].auditRefs.filter(({ id, weight }) => weight > 0 && best.audits[id].score !== null && best.audits[id].score < 0.9);
    check(`Lighthouse on ${name}: ${category} ${score}`, score >= LEAST, lacking.map(({ id }) => `${id}: ${best.audits[id].title} ${best.audits[id].displayValue ?? ""}`));
  }
}
