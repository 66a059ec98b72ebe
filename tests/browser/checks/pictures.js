// Keeps pictures of the pages that people look at first, so that a run can be looked through.
import { join } from "node:path";

import { DESKTOP, PHONE } from "../browser.js";

// The name of the picture, the kind of page, and what the page has, or does not have.
const WANTED = [
  ["home", "home"],
  ["blog", "post_list"],
  ["post", "post"],
  ["events", "event_list"],
  ["event-planned", "event", page => has(page, "registration-open") && !has(page, "banner")],
  ["event-cancelled", "event", page => has(page, "banner.state-cancelled")],
  ["series", "series"],
  ["toolkit", "tool_list"],
  ["tool", "tool"],
  ["person", "person"],
  ["statement", "page", page => has(page, "statement")],
  ["contact", "page", page => page.name.startsWith("kontakt/")],
  ["search", "search"],
  ["404", "not_found"],
];

export const name = "pictures";

export function pages(site) {
  if (!site.pictures) return [];
  return WANTED.map(([picture, kind, fits = () => true]) => {
    const page = site.pages.find(page => page.kind === kind && fits(page));
    return { ...page, name: page?.name ?? picture, picture, folder: site.pictures };
  });
}

export async function look(browser, page, report) {
  if (page.path === undefined) return report("there is no such page");
  for (const width of [PHONE, DESKTOP]) {
    for (const scheme of ["light", "dark"]) {
      await browser.visit(page.path, { width, scheme, report }, async tab => {
        await tab.screenshot({ fullPage: true, path: join(page.folder, `${page.picture}-${width}-${scheme}.png`) });
      });
    }
  }
}

function has(page, classes) {
  return [...page.has].some(feature => `${feature}.`.includes(`.${classes}.`));
}
