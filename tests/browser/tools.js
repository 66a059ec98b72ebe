// The foreign tools, in one place: playwright-core drives the browser, axe-core judges pages in it, pdfjs reads what it
// prints. ./test installs them under target/ and says where in BROWSER_TOOLS.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = process.env.BROWSER_TOOLS ?? fileURLToPath(new URL("../../target/test/browser", import.meta.url));
const require = createRequire(join(folder, "package.json"));

export const { chromium } = require("playwright-core");

/** axe-core as the text of a script. */
export const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** The words of a PDF, page after page. One at a time: pdfjs mixes up what is read side by side. */
export function wordsOfPdf(bytes) {
  turn = turn.catch(() => {}).then(() => readPdf(bytes));
  return turn;
}

let turn = Promise.resolve();

async function readPdf(bytes) {
  pdfjs ??= loadPdfjs();
  const { getDocument, VerbosityLevel } = await pdfjs;
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: VerbosityLevel.ERRORS });
  const pdf = await task.promise;
  const pages = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    pages.push(items.map(item => item.str).join(" "));
  }
  await task.destroy();
  return pages.join(" ");
}

let pdfjs;

// Only to draw does pdfjs need these and a library of 30 MB, and it says so when it is loaded. Words are not drawn.
async function loadPdfjs() {
  for (const name of ["DOMMatrix", "ImageData", "Path2D"]) globalThis[name] ??= class {};
  const { warn, log } = console;
  console.warn = console.log = () => {};
  try {
    return await import(pathToFileURL(require.resolve("pdfjs-dist/legacy/build/pdf.mjs")));
  } finally {
    Object.assign(console, { warn, log });
  }
}

/** The program that shows the pages: Debian's Chromium, or what CHROMIUM names. */
export function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const places = (process.env.PATH ?? "").split(delimiter).flatMap(place => names.map(name => join(place, name)));
  return places.find(existsSync);
}
