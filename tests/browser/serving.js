// What a writer sees in the browser while `anslag serve` runs: a real server, a real browser, files that change.
//
//   node tests/browser/serving.js PROGRAM FOLDER [--pictures FOLDER]
//
// FOLDER has a site (`site.yaml`, `content/`, `themes/`), which is copied. Exits with 0 only when nothing failed.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { start } from "./browser.js";
import { axe } from "./tools.js";

const POST = "content/blog/2021/vad-ar-ett-rattighetsbaserat-arbetssatt.md";
const ADDRESS = "/blogg/vad-ar-ett-rattighetsbaserat-arbetssatt/";
const EVENT = "/konferenser/";
/** A post that leads nowhere, with a title. */
const post = (title, keys = "") => `---
title: ${title}
date: 2026-11-20
author: cecilia-ramqvist
contact: cecilia-ramqvist
summary: Ett prov.
${keys}---

Här står en text som provar servern.
`;
const NOW = "2026-11-21T12:00:00+01:00";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { pictures: { type: "string" } } });
const [program, folder] = positionals;

class Site {
  static async copy() {
    const root = await mkdtemp(join(tmpdir(), "anslag-serving-"));
    for (const name of ["site.yaml", "content", "themes"]) await cp(join(folder, name), join(root, name), { recursive: true });
    return new Site(root);
  }

  constructor(root) {
    this.root = root;
  }

  /** Starts the server, and gives its address once it is there. */
  async serve(...options) {
    this.server = spawn(program, ["serve", "--root", this.root, "--port", "0", ...options], { stdio: ["ignore", "ignore", "pipe"] });
    this.said = "";
    return new Promise((found, failed) => {
      this.server.stderr.on("data", data => {
        this.said += data;
        const address = /the site is at (http:\S+)/.exec(this.said);
        if (address) found(address[1].replace(/\/$/, ""));
      });
      this.server.on("exit", code => failed(new Error(`the server has ended with ${code}: ${this.said}`)));
    });
  }

  read(path) {
    return readFile(join(this.root, path), "utf8");
  }

  async write(path, text) {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text);
  }

  /** Writes as many editors do: a new file, put in the place of the old one. */
  async save(path, text) {
    await this.write(`${path}.tmp`, text);
    await rename(join(this.root, `${path}.tmp`), join(this.root, path));
  }

  async edit(path, change) {
    await this.save(path, change(await this.read(path)));
  }

  remove(path) {
    return rm(join(this.root, path), { recursive: true });
  }

  async end() {
    this.server.removeAllListeners("exit");
    this.server.kill();
    await rm(this.root, { recursive: true });
  }
}

const shown = (tab, text) => tab.waitForFunction(text => document.body.innerText.includes(text), text);
const dialog = tab => tab.locator("anslag-serve dialog[open]");
const bar = tab => tab.locator("anslag-serve .bar");
const mark = tab => tab.evaluate(() => (window.isTheSame = true));
const isMarked = tab => tab.evaluate(() => window.isTheSame === true);

function expect(is, words) {
  if (!is) throw new Error(words);
}

async function picture(tab, name) {
  if (values.pictures) await tab.screenshot({ path: join(values.pictures, `${name}.png`) });
}

const STORIES = {
  "an edited text is there at once, and the reader's place is kept": async (site, tab, base) => {
    await tab.goto(base + ADDRESS);
    await bar(tab).waitFor();
    await tab.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
    await tab.waitForFunction(() => Math.abs(scrollY - 700) < 2);
    await site.edit(POST, text => text.replace("Alla är för mänskliga rättigheter.", "Alla är för rättigheter i dag."));
    await shown(tab, "Alla är för rättigheter i dag.");
    await tab.waitForFunction(() => Math.abs(scrollY - 700) < 20);
  },

  "the reader's place is kept where a font comes late and everything moves": async (site, tab, base) => {
    let comes = true;
    const coming = [];
    await tab.route("**/*.woff2", route => (comes ? route.continue() : coming.push(route)));
    await tab.goto(base + ADDRESS);
    await bar(tab).waitFor();
    await tab.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
    comes = false;
    await site.edit(POST, text => `${text}\nEn rad till.\n`);
    await shown(tab, "En rad till.");
    await tab.waitForFunction(() => Math.abs(scrollY - 700) < 2);
    const height = await tab.evaluate(() => document.documentElement.scrollHeight);
    await Promise.all(coming.map(route => route.continue()));
    await tab.waitForFunction(height => document.documentElement.scrollHeight !== height, height);
    await tab.waitForFunction(() => Math.abs(scrollY - 700) < 2);
  },

  "who comes back to a page that was loaded again is where they were": async (site, tab, base) => {
    await tab.goto(base + ADDRESS);
    await bar(tab).waitFor();
    await site.edit(POST, text => `${text}\nÄnnu en rad.\n`);
    await shown(tab, "Ännu en rad.");
    await tab.waitForLoadState();
    await tab.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
    await tab.waitForFunction(() => Math.abs(scrollY - 700) < 2);
    await tab.goto(`${base}/blogg/`);
    await tab.goBack();
    await tab.waitForFunction(() => Math.abs(scrollY - 700) < 2);
  },

  "a title that changes is another one in the lists too": async (site, tab, base) => {
    await site.write("content/blog/2026/prov.md", post("Ett första prov"));
    await tab.goto(`${base}/blogg/`);
    await shown(tab, "Ett första prov");
    await site.save("content/blog/2026/prov.md", post("Ett andra prov"));
    await shown(tab, "Ett andra prov");
  },

  "a mistake is shown over the page with its place, and goes when it is mended": async (site, tab, base) => {
    await tab.goto(base + ADDRESS);
    await bar(tab).waitFor();
    const before = await site.read(POST);
    await site.save(POST, before.replace("\nauthor:", "\nauthr:"));
    await dialog(tab).waitFor();
    const said = await dialog(tab).innerText();
    expect(said.includes(`${POST}:`) && said.includes("unknown-key") && said.includes("^^^^^"), `it says: ${said}`);
    expect((await tab.title()).includes("arbetssätt"), "the page that was well is gone");
    await picture(tab, "serve-wrong");
    await site.save(POST, before);
    await dialog(tab).waitFor({ state: "detached" });
    await shown(tab, "Cecilia Ramqvist");
  },

  "a site that is wrong from the beginning is shown when it is mended": async (site, tab, base) => {
    await tab.goto(base + ADDRESS);
    await dialog(tab).waitFor();
    const said = await dialog(tab).innerText();
    expect(!said.includes("Behind this") && !said.includes("Show the page"), `there is no page behind it, and yet it says: ${said}`);
    await site.edit(POST, text => text.replace("\nauthr:", "\nauthor:"));
    await shown(tab, "Cecilia Ramqvist");
  },

  "styles change without loading the page again": async (site, tab, base) => {
    await tab.goto(base + ADDRESS);
    await bar(tab).waitFor();
    await mark(tab);
    await site.edit(site.style, text => `${text}\nh1 { letter-spacing: 7px; }\n`);
    await tab.waitForFunction(() => getComputedStyle(document.querySelector("h1")).letterSpacing === "7px");
    expect(await isMarked(tab), "the page was loaded again");
  },

  "a template that changes loads the page again": async (site, tab, base) => {
    await tab.goto(base + ADDRESS);
    await bar(tab).waitFor();
    await mark(tab);
    await site.edit("themes/mr/templates/base.html", text => text.replace("</body>", "<p>Ny sidfot</p></body>"));
    await shown(tab, "Ny sidfot");
    expect(!(await isMarked(tab)), "the page is the same");
  },

  "a page that is removed is gone, and a folder that comes is seen with what is in it": async (site, tab, base) => {
    await site.write("content/blog/2027/alldeles-ny.md", post("Alldeles ny"));
    await tab.goto(`${base}/blogg/`);
    await shown(tab, "Alldeles ny");
    await tab.goto(`${base}/blogg/alldeles-ny/`);
    await shown(tab, "Alldeles ny");
    await bar(tab).waitFor();
    await site.remove("content/blog/2027");
    await tab.waitForFunction(() => !document.title.includes("Alldeles ny"));
    const answer = await tab.request.get(`${base}/blogg/alldeles-ny/`);
    expect(answer.status() === 404, `it is answered with ${answer.status()}`);
  },

  "drafts are shown and say so": async (site, tab, base) => {
    await site.write("content/blog/2026/inte-klar.md", post("Inte klar", "draft: true\n"));
    await tab.goto(`${base}/blogg/`);
    await shown(tab, "Inte klar");
    await tab.goto(`${base}/blogg/inte-klar/`);
    await shown(tab, "Utkast");
  },

  "the site can be seen as it will be, and as it is": async (site, tab, base) => {
    await tab.goto(`${base}${EVENT}`);
    await bar(tab).waitFor();
    await bar(tab).locator("summary").click();
    await bar(tab).locator("input").fill("2035-01-01T08:00");
    await picture(tab, "serve-bar");
    await bar(tab).getByRole("button", { name: "Visa", exact: true }).click();
    await bar(tab).getByText("2035-01-01 08:00").waitFor();
    await bar(tab).locator("summary").click();
    await bar(tab).getByRole("button", { name: "Tillbaka till nu" }).click();
    await bar(tab).getByText("Visas som nu").waitFor();
  },

  "what the server adds is accessible": async (site, tab, base) => {
    await tab.goto(base + ADDRESS);
    await bar(tab).waitFor();
    await site.edit(POST, text => text.replace("\nauthor:", "\nauthr:"));
    await dialog(tab).waitFor();
    for (const colorScheme of ["light", "dark"]) {
      await tab.emulateMedia({ colorScheme });
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(() => window.axe.run("anslag-serve"));
      expect(violations.length === 0, violations.map(violation => violation.help).join("; "));
    }
    await dialog(tab).getByRole("button", { name: "Visa sidan" }).click();
    await dialog(tab).waitFor({ state: "detached" });
  },
};

async function main() {
  const site = await Site.copy();
  const style = await readFile(join(folder, "themes/mr/theme.yaml"), "utf8");
  site.style = `themes/mr/assets/${/([\w-]+\.css)/.exec(style)?.[1] ?? "style.css"}`;
  const browser = await start();
  let failed = 0;
  let base = await site.serve("--now", NOW);
  for (const [name, story] of Object.entries(STORIES)) {
    if (name.startsWith("a site that is wrong from the beginning")) {
      site.server.removeAllListeners("exit");
      site.server.kill();
      await site.edit(POST, text => text.replace("\nauthor:", "\nauthr:"));
      base = await site.serve("--now", NOW);
    }
    const tab = await browser.newPage({ locale: "sv-SE" });
    tab.setDefaultTimeout(20_000);
    const faults = [];
    tab.on("pageerror", error => faults.push(error.message));
    tab.on("console", message => {
      const isExpected = /status of (404|503)/.test(message.text()) || (name.includes("accessible") && /inline style/.test(message.text()));
      if (message.type() === "error" && !isExpected) faults.push(message.text());
    });
    try {
      await story(site, tab, base);
      expect(faults.length === 0, faults.join("; "));
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n        ${error.message.split("\n")[0]}\n${site.said.slice(-600)}`);
    }
    await tab.close();
  }
  await browser.close();
  await site.end();
  console.log(`serving: ${Object.keys(STORIES).length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
