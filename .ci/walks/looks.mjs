// Every kind of page, looked at in each size and scheme, with scripts and without: what holds for all, and a picture of each.
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, none, walk } from "./checks.mjs";
import { PHONE, SIZES, violations, visitor } from "./browser.mjs";

// Name, address, status.
export const PAGES = [
  ["home", "/"],
  ["directory", "/pages"],
  ["directory-nothing", "/pages?q=zzzzzzzz"],
  ["calm", "/status/wren"],
  ["trouble", "/status/kestrel"],
  ["planned", "/status/marlin"],
  ["unreadable", "/status/osprey"],
  ["gone", "/status/dodo"],
  ["hostile", "/status/magpie"],
  ["history", "/status/finch/history"],
  ["history-components", "/status/kestrel/history"],
  ["history-hostile", "/status/magpie/history"],
  ["incident", "/status/kestrel/incident?id=7001"],
  ["incident-hostile", "/status/magpie/incident?id=9001"],
  ["stack-empty", "/stack"],
  ["stack", "/stack?pages=kestrel,heron,osprey,magpie,nobody"],
  ["stack-choosing", "/stack?pages=kestrel,heron&components=kestrel:27&choose=kestrel"],
  ["unknown", "/status/kestral", 404],
  ["problem", "/nothing/here", 404],
];

// What must not be on any page, said of a document by itself.
function wrong() {
  const found = [];
  const scroller = document.scrollingElement;
  if (scroller.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    found.push(`it scrolls sideways, ${scroller.scrollWidth} px: ${wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 80)).join(" | ")}`);
  }
  if (window.pwned !== undefined) found.push(`something ran: ${window.pwned}`);
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes) {
      const bad = /^on|^style$|^srcdoc$/i.test(name) || (/^(href|src|action|data|formaction)$/i.test(name) && /^\s*(javascript|data|vbscript|blob):/i.test(value));
      if (bad) found.push(`<${one.localName} ${name}="${value.slice(0, 60)}">`);
    }
  }
  const strange = document.querySelectorAll("iframe, object, embed, img, video, audio, style, base, main form form, main svg:not(.chart, .legend svg), main link, main meta, main script");
  for (const one of strange) found.push(one.outerHTML.slice(0, 80));
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  if (!document.title.trim() || document.title.length > 200) found.push(`the title is ${document.title.length} letters long`);
  if (!document.querySelector("meta[name=description]")?.content) found.push("no description");
  if (!document.querySelector("body > footer")) found.push("the footer is not where it was");
  return found;
}

// What moves although the reader wants calm.
function moving() {
  const slow = (one) => {
    const style = getComputedStyle(one);
    return [style.animationDuration, style.transitionDuration].some((time) => time.split(",").some((part) => parseFloat(part) > 0)) || style.scrollBehavior === "smooth";
  };
  return [...document.querySelectorAll("*")].filter(slow).map((one) => one.localName).concat(document.getAnimations().map(() => "an animation"));
}

export async function looks() {
  const shots = process.env.STATUSPHERE_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), "statusphere-pages-"));
  mkdirSync(shots, { recursive: true });
  for (const size of SIZES) {
    for (const scheme of ["light", "dark"]) await walk(`looks ${size.width} ${scheme}`, () => all({ size, scheme }, shots));
  }
  await walk("looks without scripts", () => all({ size: PHONE, scripts: false }));
  await walk("looks in calm", () => all({ size: PHONE, calm: true }));
  console.log(`pictures of all pages are in ${shots}`);
}

async function all(settings, shots) {
  const one = await visitor(settings);
  for (const [name, path, status] of PAGES) {
    await one.go(path, status);
    none(`${name} (${one.name}): fits, runs nothing, and is whole`, await one.page.evaluate(wrong));
    if (settings.calm) {
      none(`${name}: nothing moves for who wants calm`, await one.page.evaluate(moving));
      continue;
    }
    if (settings.scripts === false) continue;
    none(`${name} (${one.name}): axe finds nothing`, await violations(one.page));
    const file = `${name}-${settings.size.width}-${settings.scheme}.png`;
    const picture = await one.page.screenshot({ path: join(shots, file), fullPage: true });
    check(`${file} is a picture`, picture.length > 1000, picture.length);
  }
  await one.leave("all pages");
}
