// Judges of the checks: a small sound site passes, and each planted fault is found by the check it is meant for.
import { browse, start } from "./browser.js";
import { findingsOf, say, severalAtATime } from "./main.js";
import { serve } from "./server.js";
import { pagesAmong } from "./site.js";
import { SOUND } from "./sound.js";

const CSS = "style.css", HOME = "index.html", SEARCH = "sok/index.html", LIST = "lista/index.html";
const more = rule => ["style.css", /$/, `\n${rule}`];

// The check, the file, what stands there, what stands there instead, and words of the finding that is meant.
const FAULTS = [
  ["policy", HOME, "</main>", '<img src="https://annan.example.com/a.png" alt=""></main>', "asks another host"],
  ["policy", HOME, "</main>", "<script>document.title = 'a'</script></main>", "stands inline: script"],
  ["policy", HOME, "<h1>", '<h1 style="color: red">', "console:"],
  ["policy", "search.js", /^/, "localStorage.setItem('a', 'b');", "localStorage"],
  ["policy", "search.js", /^/, "document.cookie = 'a=b';", "cookie"],
  ["policy", "search.js", /^/, "borta();", "the script failed"],
  ["policy", HOME, "/icon.svg", "/borta.svg", "404"],
  ["policy", "_headers", /^/, "/*\n  Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'\n", "weak"],
  ["missing pages", "404.html", "/style.css", "style.css", "404"],
  ["missing pages", "404.html", '<a href="/">', '<a href="/borta/">', "leads nowhere"],
  ["axe", CSS, "color: #222", "color: #aaa", "px, light"],
  ["axe", CSS, "color: #eee", "color: #444", "px, dark"],
  ["axe", ...more("@media (forced-colors: active) { h1 { forced-color-adjust: none; color: #222; } }"), "forced"],
  ["axe", HOME, ' lang="sv"', "", "html-has-lang"],
  ["axe", HOME, "<label>Ord <input type=\"search\" name=\"q\"></label>", '<input type="search" name="q">', "label"],
  ["axe", ...more("nav a { padding: 0; line-height: 1; font-size: .6rem; } nav li { display: inline; }"), "target-size"],
  ["keyboard", HOME, /<a class="skip-link".*?<\/a>/, "", "no skip link"],
  ["keyboard", CSS, ".skip-link:focus { left: 0;", ".skip-link:focus {", "outside the window"],
  ["keyboard", HOME, 'href="#main"', 'href="#borta"', "no skip link"],
  ["keyboard", CSS, "outline: 3px solid #00478a", "outline: none", "not marked"],
  ["keyboard", CSS, "outline: 3px solid #00478a", "outline: 3px solid #eee", "contrast"],
  ["keyboard", ...more("nav { position: relative } nav::after { content: ''; position: absolute; inset: 0; }"), "covered"],
  ["keyboard", ...more("nav ul { display: flex; flex-direction: row-reverse; }"), "backwards to the eye"],
  ["keyboard", HOME, '<a href="/404.html">', '<a href="/404.html" tabindex="2">', "first in the order"],
  ["keyboard", "search.js", /^/, "addEventListener('keydown', event => { if (event.key === 'Tab' && document.activeElement.name === 'q') event.preventDefault(); });", "get past"],
  ["reflow", ...more("h1 { width: 30rem; } "), "wider than the window"],
  ["reflow", ...more("h1 { line-height: 1; height: 1em; overflow: hidden; }"), "spaced) and 1 more: text is cut off"],
  ["reflow", ...more("h1 { height: 1rem; margin: 0; font-size: 1rem; width: 6rem; } "), "overlap"],
  ["reflow", ...more("header { height: 12px; overflow: hidden; font-size: 12px; }"), "cut off"],
  ["without script", "search.js", /^/, "document.querySelector('main').append('Bara med skript');", "words are not there"],
  ["without script", SEARCH, "Sökningen behöver JavaScript.", "", "does not say"],
  ["without script", HOME, "<button>Sök</button>", "", "cannot be sent"],
  ["without script", HOME, 'action="/sok/"', 'action="/borta/"', "leads to 404"],
  ["print", CSS, "@media print { nav,", "@media print {", "of no use"],
  ["print", CSS, '" <" attr(href) ">"', '""', "target of a link"],
  ["print", CSS, "body { background: #fff; color: #000; }", "", "not dark on white"],
  ["print", ...more("@media print { h1 { display: none; } }"), "heading"],
  ["search", "search.js", "field.value && entry.heading.includes(field.value)", "false", "does not find"],
  ["search", "search.js", "state.textContent = ", "", "failed"],
  ["search", "search.js", 'history.replaceState(null, "", "?q=" + field.value);', "", "address does not say"],
  ["search", "search.js", 'new URLSearchParams(location.search).get("q")', "null", "from the address"],
  ["filter", "filter.js", 'found.querySelectorAll(".card")', 'found.querySelectorAll(".borta")', "does not show"],
  ["filter", "filter.js", 'addEventListener("popstate", () => show(location.pathname));', "", "way back"],
  ["filter", "filter.js", '.length + " träffar"', '.length && "träffar"', "how many"],
  ["pictures", HOME, "kind-home", "kind-start", "no such page"],
];

/** Runs the sound site and all planted faults. */
export async function selfTest(checks) {
  const program = await start();
  const results = [];
  for (const check of checks) {
    const findings = await judge(program, check, SOUND, () => true);
    const expected = check.name === "pictures" ? findings.filter(one => one.startsWith("home")) : findings;
    results.push(say(`${check.name}: a sound site`, expected));
  }
  await severalAtATime(FAULTS, async ([name, file, old, instead, words]) => {
    const check = checks.find(check => check.name === name);
    if (!check) return;
    const findings = await judge(program, check, planted(file, old, instead), shows(file));
    const title = `${name}: ${words}, ${file} with \`${instead.trim().split("\n")[0].slice(0, 48)}\``;
    results.push(say(title, findings.some(finding => finding.includes(words)) ? [] : ["the fault was not found", ...findings]));
  });
  await program.close();
  return results;
}

function planted(file, old, instead) {
  const text = SOUND[file] ?? "";
  const changed = text.replace(old, instead);
  if (changed === text) throw new Error(`the fault planted in ${file} has no place: ${old}`);
  return { ...SOUND, [file]: changed };
}

// Whether a fault in a file shows on a page. Of what is on all pages the home page is enough.
function shows(file) {
  if (file.endsWith(".html")) return page => page.name === file;
  if (file.endsWith(".js")) return page => SOUND[page.name].includes(`/${file}`);
  return page => page.name === HOME;
}

async function judge(program, check, files, isMeant) {
  const server = await serve(async name => files[name] ?? null);
  const browser = browse(program, server);
  try {
    const site = { pages: pagesAmong(files), pictures: "target/test/browser/planted" };
    const pages = check.pages(site).filter(page => check.name === "pictures" || isMeant(page));
    if (pages.length === 0) throw new Error(`${check.name} looks at no page`);
    return await findingsOf(check, browser, pages);
  } finally {
    await browser.close();
    await server.close();
  }
}
