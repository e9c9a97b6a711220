// What makes the pages more comfortable. Each works without: nothing here is needed to read or to choose.
"use strict";

const local = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });

// The reader's own time, with UTC beside it.
function localTimes(root) {
  for (const time of root.querySelectorAll("time:not([data-utc])")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.dataset.utc = time.textContent;
    // The day is said once where it is the same.
    const utc = at.getDate() === at.getUTCDate() ? time.dataset.utc.split(", ").pop() : time.dataset.utc;
    if (at.getTimezoneOffset() !== 0) time.textContent = `${local.format(at)} (${utc})`;
  }
}

function copyButtons(root) {
  if (!navigator.clipboard) return;
  for (const code of root.querySelectorAll(".code")) {
    if (code.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.querySelector("pre").textContent);
      say("Copied.");
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    code.append(button);
  }
}

function say(text) {
  document.getElementById("news").textContent = text;
}

const words = (root) => [...root.querySelectorAll("[data-says]")].map((one) => one.dataset.says);

// What has the focus gets it back: by itself where it was kept, else what stands in its place.
function holdFocus(root) {
  const active = document.activeElement;
  if (active === root || !root.contains(active)) return () => {};
  const alike = () => [...root.querySelectorAll(active.localName)].filter((one) => one.getAttribute("href") === active.getAttribute("href"));
  const nth = alike().indexOf(active);
  return () => {
    const again = root.contains(active) ? active : alike()[nth];
    if (document.activeElement !== again) again?.focus({ preventScroll: true });
  };
}

// Takes over what a new answer says; what somebody is typing into, or has opened, stays as it is.
function takeOver(from, to) {
  const name = (details) => [details.closest("article")?.querySelector("a"), details.querySelector("summary bdi")].map((one) => one?.textContent).join();
  const known = new Map([...to.querySelectorAll("details")].map((one) => [name(one), one]));
  const giveFocus = holdFocus(to);
  const kept = [...to.querySelectorAll("[data-keep]")];
  [...from.querySelectorAll("[data-keep]")].forEach((one, n) => kept[n] && one.replaceWith(kept[n]));
  for (const details of from.querySelectorAll("details")) {
    const before = known.get(name(details));
    if (!before) continue;
    // What somebody closed stays closed, unless it says something else now.
    const same = before.firstElementChild.textContent === details.firstElementChild.textContent;
    details.open = before.open || (details.open && !same);
  }
  to.replaceChildren(...from.childNodes);
  furnish(to);
  giveFocus();
}

async function ask(address, cache = "default") {
  const answer = await fetch(address, { headers: { accept: "text/html" }, cache, signal: AbortSignal.timeout(15000) });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

// A page that may change asks again while somebody looks at it.
function refresh(main) {
  const seconds = Number(main.dataset.refresh);
  if (!seconds) return;
  const old = document.getElementById("old");
  let last, busy, good = Date.now();
  const again = async () => {
    old.hidden = Date.now() - good < 3000 * seconds;
    if (document.hidden || busy || main.querySelector(".options li")) return;
    busy = true;
    try {
      // What the browser has kept may be as old as the page itself.
      const text = await ask(location.pathname + location.search, "no-cache");
      if (text !== last) {
        const page = new DOMParser().parseFromString(text, "text/html");
        const fresh = page.getElementById("main");
        const before = words(main), after = words(fresh);
        // A newer release has another script.
        if (page.querySelector("script").getAttribute("src") !== document.querySelector("script").getAttribute("src")) return location.reload();
        takeOver(fresh, main);
        document.title = page.title;
        const news = after.filter((one) => !before.includes(one));
        if (news.length || before.length !== after.length) say(`It changed. ${news.join(" ")}`);
        last = text;
      }
      good = Date.now();
      old.hidden = true;
    } catch {
      // The next try may go through; how old the page is, is told above.
    }
    busy = false;
  };
  setInterval(again, seconds * 1000);
  document.addEventListener("visibilitychange", again);
}

// Suggestions while typing, by the pattern of a combobox with a list.
function suggest(form) {
  const input = form.querySelector("input[type=search]");
  const adds = form.dataset.suggest === "add";
  const list = document.createElement("ul");
  list.className = "options";
  list.setAttribute("role", "listbox");
  list.id = `${input.id}-options`;
  list.hidden = true;
  list.setAttribute("aria-label", "Services");
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  let at = -1, asked = 0, timer;
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    if (adds) {
      input.value = option.dataset.page;
      close();
      form.requestSubmit();
    } else location.assign(`/status/${option.dataset.page}`);
  };
  const select = (to) => {
    const options = [...list.children];
    at = (to + options.length) % options.length;
    options.forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
    options[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[at].id);
  };
  const look = async () => {
    const query = input.value.trim(), mine = ++asked;
    if (!query) return close();
    const answer = await fetch(`/api/v1/statusPages/search?query=${encodeURIComponent(query)}`).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const pages = (await answer.json()).statusPages.slice(0, 8);
    if (mine !== asked) return;
    close();
    pages.forEach((page, n) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.id = `${list.id}-${n}`;
      option.dataset.page = page.page;
      option.textContent = page.name;
      option.setAttribute("aria-selected", "false");
      option.addEventListener("mousedown", (event) => (event.preventDefault(), choose(option)));
      list.append(option);
    });
    list.hidden = pages.length === 0;
    input.setAttribute("aria-expanded", String(pages.length > 0));
    say(pages.length ? `${pages.length} services like this` : "No service is called like this");
  };
  input.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(look, 120))));
  // What is still on its way is not wanted any more.
  const leave = () => {
    clearTimeout(timer);
    asked += 1;
    close();
  };
  input.addEventListener("blur", leave);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden && list.children.length;
    if (event.key === "ArrowDown" && open) select(at + 1);
    else if (event.key === "ArrowUp" && open) select(at < 0 ? -1 : at - 1);
    else if (event.key === "Enter" && open && at >= 0) choose(list.children[at]);
    else if (event.key === "Escape" && open) leave();
    else return;
    event.preventDefault();
  });
}

// The directory follows what is typed.
function filter(form) {
  let timer, asked = 0;
  const look = async () => {
    const mine = ++asked;
    const address = `/pages?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`;
    const text = await ask(address).catch(() => null);
    if (mine !== asked) return;
    if (text === null) return form.submit();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("found");
    const found = document.getElementById("found");
    found.replaceChildren(...fresh.childNodes);
    furnish(found);
    history.replaceState(null, "", address);
    say(words(found).join(" "));
  };
  form.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(look, 150))));
}

function furnish(root) {
  localTimes(root);
  copyButtons(root);
  for (const form of root.querySelectorAll("form[data-suggest]")) if (!form.querySelector(".options")) suggest(form);
}

furnish(document);
document.querySelectorAll("form[data-filter]").forEach(filter);
refresh(document.getElementById("main"));
