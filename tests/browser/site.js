// The pages of a finished site, and which of them are looked at: the fewest on which everything occurs that occurs
// anywhere. Nobody keeps a list: a new kind of page, state or component is on a chosen page by itself.
import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** Reads all pages of a folder. */
export async function readPages(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile() && entry.name.endsWith(".html"));
  const names = files.map(entry => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
  const pages = await Promise.all(names.map(async name => page(name, await readFile(join(folder, name), "utf8"))));
  return sorted(pages);
}

/** The pages among files in memory. */
export function pagesAmong(files) {
  const names = Object.keys(files).filter(name => name.endsWith(".html"));
  return sorted(names.map(name => page(name, files[name])));
}

// Pages that only lead on to another one are no pages to read.
function sorted(pages) {
  return pages.filter(page => !page.leadsOn).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function page(file, html) {
  const name = file.split(sep).join("/");
  const kind = /<body\b[^>]*\bclass="[^"]*\bkind-([\w-]+)/.exec(html)?.[1] ?? "none";
  return {
    name,
    kind,
    path: name.replace(/(^|\/)index\.html$/, "$1"),
    leadsOn: /<meta http-equiv="refresh"/i.test(html),
    has: features(kind, html),
  };
}

// What occurs on a page: its kind, elements, and the classes that elements have together.
function features(kind, html) {
  const has = new Set([`kind ${kind}`]);
  const body = html.slice(html.indexOf("<body")).replace(/<(script|pre)\b[^>]*>.*?<\/\1>/gs, "");
  for (const [, tag, attributes] of body.matchAll(/<([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*>/g)) {
    has.add(tag);
    for (const [, classes] of attributes.matchAll(/\sclass="\s*([^"]+?)\s*"/g)) {
      has.add(`.${classes.split(/\s+/).join(".")}`);
    }
  }
  return has;
}

/** The fewest pages that have all that any page has, found greedily. */
export function chosen(pages) {
  const left = new Set(pages.flatMap(page => [...page.has]));
  const choice = [];
  while (left.size > 0) {
    const gain = page => [...page.has].filter(feature => left.has(feature)).length;
    const best = pages.map(page => [gain(page), page]).reduce((one, other) => (other[0] > one[0] ? other : one))[1];
    best.has.forEach(feature => left.delete(feature));
    choice.push(best);
  }
  return choice;
}

/** The first page of each kind. */
export function onePerKind(pages) {
  return [...new Map(pages.toReversed().map(page => [page.kind, page])).values()].toReversed();
}
