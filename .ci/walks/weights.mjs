// What a first visit costs: requests and bytes as they came over the wire.
import { check, walk } from "./checks.mjs";
import { PHONE, URL_OF_PAGES, visitor } from "./browser.mjs";
import { PAGES } from "./looks.mjs";

const REQUESTS = 4;
const BYTES = 60 * 1024;
const HTML = 30 * 1024;

export async function weights() {
  for (const [name, path, status] of PAGES) await walk(`the weight of ${name}`, () => weight(name, path, status));
}

async function weight(name, path, status) {
  const one = await visitor({ size: PHONE });
  const session = await one.context.newCDPSession(one.page);
  await session.send("Network.enable");
  const asked = new Map(), came = new Map();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => asked.set(requestId, request.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => came.set(requestId, encodedDataLength));
  await one.go(path, status);
  await one.page.waitForLoadState("networkidle");
  const sum = [...came.values()].reduce((all, bytes) => all + bytes, 0);
  const page = [...asked].find(([, url]) => url === URL_OF_PAGES + path)?.[0];
  const html = came.get(page);
  const told = `${asked.size} requests, ${sum} bytes, of which ${html} are HTML`;
  check(`${name}: ${told}`, asked.size <= REQUESTS && sum <= BYTES && html <= HTML && html > 0, told);
  await one.leave(`the weight of ${name}`);
}
