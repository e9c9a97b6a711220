// What holds and what does not, a line for each, and the list in the end.
let held = 0;
const failed = [];

// One check; `found` is told where it fails.
export function check(what, holds, found) {
  if (holds) {
    held += 1;
    console.log(`ok      ${what}`);
    return;
  }
  const told = found === undefined ? what : `${what}; found: ${typeof found === "string" ? found : JSON.stringify(found)}`;
  failed.push(told);
  console.log(`FAILED  ${told}`);
}

export const equal = (what, found, wanted) => check(`${what} is ${JSON.stringify(wanted)}`, JSON.stringify(found) === JSON.stringify(wanted), found);
export const includes = (what, found, wanted) => check(`${what} has ${JSON.stringify(wanted)}`, (found ?? "").includes(wanted), found);
export const none = (what, found) => check(what, found.length === 0, found);

// A walk that can't go on is one failed check, and the others go on.
export async function walk(name, steps) {
  try {
    await steps();
  } catch (error) {
    check(`${name}: the walk goes to its end`, false, String(error?.stack ?? error));
  }
}

export function verdict() {
  console.log(`\n${held} checks hold, ${failed.length} fail`);
  for (const one of failed) console.log(`FAILED: ${one}`);
  return failed.length === 0 && held > 0;
}
