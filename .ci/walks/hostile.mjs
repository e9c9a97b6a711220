// The vendor who means no good: nothing of it runs, hides, or lies over what others say.
import { check, equal, none, walk } from "./checks.mjs";
import { SIZES, visitor } from "./browser.mjs";

const PLACES = ["/status/magpie", "/status/magpie/history", "/", "/stack?pages=magpie&choose=magpie", ...[9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008].map((id) => `/status/magpie/incident?id=${id}`)];

export async function hostile() {
  for (const size of SIZES) {
    for (const scripts of [true, false]) await walk(`hostile ${size.width}`, () => met(size, scripts));
  }
}

async function met(size, scripts) {
  const one = await visitor({ size, scripts });
  for (const path of PLACES) {
    await one.go(path);
    // Whoever waits, hovers and opens everything.
    await one.page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    for (const place of await one.page.locator(".vendor:not(:empty), article a").all()) await place.hover({ timeout: 5000 });
    none(`${path} (${one.name}): inert and in its place`, await one.page.evaluate(harm));
    equal(`${path} (${one.name}): nobody was led away`, new URL(one.page.url()).pathname, path.split("?")[0]);
  }
  await one.go("/status/magpie");
  const titles = await one.texts("article h3");
  check("a script in a title is to be read", titles.some((title) => title.includes("<script>window.pwned = 13</script>")), titles.map((title) => title.slice(0, 80)));
  equal("open incidents", titles.length, 6);
  await one.leave("a hostile vendor");
}

function harm() {
  const found = [];
  if (window.pwned !== undefined) found.push(`something ran: ${window.pwned}`);
  const scroller = document.scrollingElement;
  if (scroller.scrollWidth > innerWidth) found.push(`it scrolls sideways: ${scroller.scrollWidth} px`);
  for (const link of document.querySelectorAll("a[href]")) if (!/^(https?:|mailto:|\/|#|\?)/.test(link.getAttribute("href"))) found.push(`a link to ${link.getAttribute("href").slice(0, 60)}`);
  for (const link of document.querySelectorAll(".vendor a[href]")) if (!link.rel.includes("noopener")) found.push(`a link without rel: ${link.href}`);
  const strange = "main :is(script, img, iframe, object, style, base, meta, link, svg:not(.chart, .legend svg)), .vendor :is(form, input, button, h1, [style], [class], [id], [name])";
  for (const one of document.querySelectorAll(strange)) found.push(one.outerHTML.slice(0, 80));
  const text = document.body.textContent;
  if (/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u200b\ufeff\u0000\u0007\u001b]/.test(text)) found.push("characters that turn or hide text");
  if (/\p{M}{5}/u.test(text)) found.push("a pile of marks on one letter");
  let deepest = 0;
  for (const item of document.querySelectorAll(".vendor *")) {
    let depth = 0;
    for (let one = item; !one.classList.contains("vendor"); one = one.parentElement) depth += 1;
    deepest = Math.max(deepest, depth);
  }
  if (deepest > 40) found.push(`${deepest} elements in one another`);
  // Neighbours: nothing of one article, row or section lies over the next one.
  const boxes = [...document.querySelectorAll("header, main > *, article, .rows > li, ul.parts > li, .updates > li, footer")];
  for (const box of boxes) {
    const next = box.nextElementSibling;
    if (!next?.checkVisibility() || next.matches(".unseen")) continue;
    const [above, below] = [box.getBoundingClientRect(), next.getBoundingClientRect()];
    const beside = above.right <= below.left + 1 || below.right <= above.left + 1;
    if (above.bottom > below.top + 1 && !beside) found.push(`${box.outerHTML.slice(0, 60)} lies over ${next.outerHTML.slice(0, 60)}`);
    const range = document.createRange();
    range.selectNodeContents(box);
    const ink = range.getBoundingClientRect();
    const clipped = box.querySelector(".vendor, .wide, pre");
    if (!clipped && ink.bottom > above.bottom + 1) found.push(`${box.outerHTML.slice(0, 60)} runs out of its place`);
  }
  return found;
}
