// One Chromium without a network. Whatever happens against the site's promises during a visit (another host, an error, a
// breach of the policy) is reported by the check that made the visit.
import { readFileSync } from "node:fs";

import { chromium, chromiumPath } from "./tools.js";

const INSIDE = readFileSync(new URL("inside.js", import.meta.url), "utf8");
const ARGUMENTS = [
  // Names of other hosts lead nowhere.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--hide-scrollbars",
];

export const PHONE = 360;
export const DESKTOP = 1280;
const HEIGHT = 800;

// Who is told what happens in a tab: the check that visits with it now.
const reporters = new WeakMap();

/** Starts Chromium. */
export function start() {
  // As root, which containers often are, Chromium refuses to make its sandbox.
  const chromiumSandbox = process.getuid?.() !== 0;
  return chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS, chromiumSandbox });
}

/** A browser for the site that is served at `server.base`. */
export function browse(program, server) {
  const idle = { true: [], false: [] };
  const browser = {
    address: path => new URL(path, server.base).href,
    close: () => Promise.all(Object.values(idle).flat().map(tab => tab.context().close())),
    /** Opens a page, gives it to `look`, and reports what went wrong meanwhile. */
    async visit(path, { width = DESKTOP, scheme = "light", script = true, report }, look) {
      // A new tab costs four times what a page does.
      const tab = idle[script].pop() ?? (await open(program, server, script));
      reporters.set(tab, report);
      try {
        await tab.setViewportSize({ width, height: HEIGHT });
        await tab.emulateMedia({ media: "screen", colorScheme: scheme, forcedColors: "none", reducedMotion: "reduce" });
        await tab.goto(browser.address(path), { waitUntil: "load" });
        await tab.evaluate(INSIDE);
        await look(tab);
        idle[script].push(tab);
      } catch (error) {
        report(`the visit failed: ${String(error.message).split("\n")[0]}`);
        await tab.context().close();
      }
    },
  };
  return browser;
}

async function open(program, server, javaScriptEnabled) {
  const context = await program.newContext({ javaScriptEnabled, locale: "sv-SE" });
  context.setDefaultTimeout(15_000);
  const tab = await context.newPage();
  const report = what => reporters.get(tab)(what);
  tab.on("request", request => {
    if (!request.url().startsWith(`${server.origin}/`)) report(`asks another host for ${request.url()}`);
  });
  tab.on("response", response => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) {
      report(`${response.status()}: ${response.url()}`);
    }
  });
  tab.on("pageerror", error => report(`the script failed: ${error.message}`));
  tab.on("console", message => {
    // The page for missing addresses is sent with 404, and should be.
    const isMissingPage = message.location().url === tab.url() && /status of 404/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isMissingPage) report(`console: ${message.text()}`);
  });
  return tab;
}
