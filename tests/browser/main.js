// Judges of a finished site that see what a reader's browser shows.
//
//   node tests/browser SITE --base URL [--pictures FOLDER] [--short]
//   node tests/browser --self-test         plants faults, and asks each check to find them
//
// Exits with 0 only when nothing failed.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import { CHECKS, SHORT } from "./checks.js";
import { browse, start } from "./browser.js";
import { selfTest } from "./selftest.js";
import { folder, serve } from "./server.js";
import { readPages } from "./site.js";

const SHOWN = 20;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      base: { type: "string", default: "https://example.org/" },
      only: { type: "string" },
      pictures: { type: "string" },
      "self-test": { type: "boolean" },
      short: { type: "boolean" },
    },
  });
  if (!values["self-test"] && positionals.length !== 1) throw new Error("name the folder of the site");
  const checks = (values.short ? SHORT : CHECKS).filter(check => !values.only || check.name === values.only);
  const results = values["self-test"] ? await selfTest(checks) : await judge(positionals[0], checks, values);
  const failed = results.filter(result => result.findings.length > 0).length;
  console.log(`browser: ${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function judge(path, checks, { base, pictures }) {
  const site = { pages: await readPages(path), pictures };
  if (site.pages.length === 0) throw new Error(`${path} has no pages`);
  const server = await serve(folder(path), { base: new URL(base).pathname });
  const program = await start();
  const browser = browse(program, server);
  const results = [];
  for (const check of checks) {
    const pages = check.pages(site);
    if (pages.length === 0) continue;
    const began = performance.now();
    const findings = await findingsOf(check, browser, pages);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    results.push(say(`${check.name}: ${pages.length} ${pages.length === 1 ? "page" : "pages"}, ${seconds} s`, findings));
  }
  await program.close();
  await server.close();
  return results;
}

/** What a check finds on pages, several of which are open at a time: each finding once, with the places. */
export async function findingsOf(check, browser, pages) {
  const places = new Map();
  await severalAtATime(pages, page => check.look(browser, page, (what, view) => {
    const place = view ? `${page.name} (${view})` : page.name;
    places.set(what, (places.get(what) ?? new Set()).add(place));
  }));
  return [...places].map(([what, where]) => finding(what, [...where].sort()));
}

/** Does the work for each of `all`, for as many at once as the machine has use for. */
export async function severalAtATime(all, work) {
  const left = [...all];
  const worker = async () => {
    while (left.length > 0) await work(left.shift());
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism() + 1, 6) }, worker));
}

function finding(what, [first, ...others]) {
  return others.length === 0 ? `${first}: ${what}` : `${first} and ${others.length} more: ${what}`;
}

/** Prints a verdict, and keeps it. */
export function say(name, findings) {
  console.log(`${findings.length > 0 ? "FAILED" : "ok    "} ${name}`);
  findings.sort().slice(0, SHOWN).forEach(one => console.log(`       ${one}`));
  if (findings.length > SHOWN) console.log(`       and ${findings.length - SHOWN} more`);
  return { name, findings };
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
