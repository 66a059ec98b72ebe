// What Lighthouse says of the pages that readers meet first, on a simulated phone and on a desktop.
//
//   npm ci --prefix benches/lighthouse
//   cargo build --release && node benches/lighthouse
//
// Builds the site in this repository for an address of this machine, hands it out packed and with its own headers, and
// prints the scores. Exits with 1 when any is less than 100. CHROMIUM names the browser where it is none of the usual ones.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

import { folder, serve } from "../../tests/browser/server.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOW = "2026-11-21T12:00:00+01:00";
const PORT = 8719;
const PAGES = {
  home: "",
  list: "blogg/",
  post: "blogg/delaktighet-som-markes/",
  event: "konferenser/mr-dagarna-2027-sundsvall/",
  tool: "metodstod/joined-up-governance/",
};
const DEVICES = { phone: undefined, desktop: desktopConfig };
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const site = mkdtempSync(join(tmpdir(), "lighthouse-"));
build(site);
const server = await serve(folder(site), { port: PORT, packed: true });
const chrome = await launch({ chromeFlags: ["--headless=new", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])], chromePath: process.env.CHROMIUM });
try {
  console.log(`| page | device | ${CATEGORIES.join(" | ")} | LCP | CLS | TBT |`);
  console.log(`|---|---|${CATEGORIES.map(() => "---|").join("")}---|---|---|`);
  for (const [name, path] of Object.entries(PAGES)) {
    for (const [device, config] of Object.entries(DEVICES)) await look(name, path, device, config);
  }
} finally {
  await chrome.kill();
  await server.close();
  rmSync(site, { recursive: true });
}

function build(output) {
  const program = process.env.ANSLAG ?? join(ROOT, "target/release/anslag");
  const address = `http://127.0.0.1:${PORT}/`;
  execFileSync(program, ["build", "--quiet", "--root", ROOT, "--now", NOW, "--base-url", address, "--output", output], { stdio: "inherit" });
}

async function look(name, path, device, config) {
  const { lhr } = await lighthouse(server.base + path, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: "error" }, config);
  const scores = CATEGORIES.map(category => Math.round(lhr.categories[category].score * 100));
  const [lcp, cls, tbt] = ["largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time"].map(id => lhr.audits[id].displayValue);
  console.log(`| ${name} | ${device} | ${scores.join(" | ")} | ${lcp} | ${cls} | ${tbt} |`);
  if (scores.some(score => score < 100)) {
    process.exitCode = 1;
    for (const category of CATEGORIES) {
      for (const { id } of lhr.categories[category].auditRefs.filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 0.9)) {
        console.log(`  ${category}: ${lhr.audits[id].title} (${id})`);
      }
    }
  }
}
