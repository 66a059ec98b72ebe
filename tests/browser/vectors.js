// Whether anything that a writer can put into a text runs in a reader's browser: known vectors, a real build, a real browser.
//
//   node tests/browser/vectors.js PROGRAM [PLACE]      PLACE: only vectors in places with this word
//
// Each vector stands in a place of its own: in the body, in front matter, in a link, in an SVG file. A site that anslag refuses is
// well. What it publishes is opened: no script but the theme's may run, no dialog open, nothing be fetched from elsewhere. The list is
// written after the cheat sheets of OWASP and PortSwigger, as cases of our own.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { start } from "./browser.js";
import { folder, serve } from "./server.js";

const NOW = "2026-11-21T12:00:00+01:00";
const BASE = "https://prov.example.org/";
const [program, only = ""] = process.argv.slice(2);
const repository = fileURLToPath(new URL("../../", import.meta.url));

/** What a vector does when it runs. */
const RUN = "window.harmed=1";
const CODED = [...RUN].map(sign => `&#${sign.charCodeAt(0)};`).join("");
const SCRIPT = `<script>${RUN}</script>`;

const HTML = [
  SCRIPT,
  `<SCRIPT>${RUN}</SCRIPT>`,
  `<script/x>${RUN}</script>`,
  `<script\n>${RUN}</script\n>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<<script>${RUN}//<</script>`,
  `<script src=data:text/javascript,${RUN}></script>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${CODED}">`,
  `<IMG SRC=x OnErRoR=${RUN}>`,
  `<img src="x" onerror\n=\n"${RUN}">`,
  `<img/src=x/onerror=${RUN}>`,
  `<img src='x'onerror='${RUN}'>`,
  `<img src=x\u000conerror=${RUN}>`,
  `<img \`\` src=x onerror=${RUN}>`,
  `<img src="javascript:${RUN}">`,
  `<img srcset="x" onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${RUN}"><text x=20 y=20>x</text></a></svg>`,
  `<svg><style><img src=x onerror=${RUN}></style></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<math><maction actiontype="statusline#http://x" xlink:href="javascript:${RUN}">x</maction></math>`,
  `<body onload=${RUN}>`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<input autofocus onfocus=${RUN}>`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}>`,
  `<iframe src="javascript:parent.harmed=1"></iframe>`,
  `<iframe srcdoc="<script>parent.harmed=1</script>"></iframe>`,
  `<object data="data:text/html,<script>${RUN}</script>"></object>`,
  `<embed src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/>">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${RUN}">`,
  `<base href="https://x.example/">`,
  `<link rel=stylesheet href="https://x.example/x.css">`,
  `<style>@import 'https://x.example/x.css';</style>`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<button formaction="javascript:${RUN}">x</button>`,
  `<isindex action="javascript:${RUN}" type=image>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<p style="background:url(javascript:${RUN})">x</p>`,
  `<div style="width:expression(${RUN})">x</div>`,
  `<table background="javascript:${RUN}"><tr><td>x</table>`,
  `<template><script>${RUN}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>"></noscript>`,
  `<p title="--><img src=x onerror=${RUN}>">x</p>`,
  `<b title="\`"><img src=x onerror=${RUN}></b>`,
  `<!--><img src=x onerror=${RUN}>-->`,
  `<!--- --!><img src=x onerror=${RUN}>-->`,
  `<![CDATA[<img src=x onerror=${RUN}>]]>`,
  `<?x ><img src=x onerror=${RUN}>?>`,
  `<!x "><img src=x onerror=${RUN}>">`,
  `</p/><img src=x onerror=${RUN}>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<a href=" &#1; javascript:${RUN}">x</a>`,
  `<a href="jav&#x09;ascript:${RUN}">x</a>`,
  `<a href="jav&Tab;ascript&colon;${RUN}">x</a>`,
  `<a href="JaVaScRiPt:${RUN}">x</a>`,
  `<a href="java\nscript:${RUN}">x</a>`,
  `<a href="data:text/html;base64,PHNjcmlwdD5wYXJlbnQuaGFybWVkPTE8L3NjcmlwdD4=">x</a>`,
  `<a href="vbscript:x">x</a>`,
  `<a href=x onclick=${RUN}>x</a>`,
  `<a id=x tabindex=1 onfocus=${RUN}></a>`,
  `<title><a title="</title><img src=x onerror=${RUN}>"></title>`,
  `<textarea></textarea><img src=x onerror=${RUN}>`,
  `<xmp><p title="</xmp><img src=x onerror=${RUN}>">`,
  `<select><style></select><img src=x onerror=${RUN}></style>`,
  `<ruby><rt><style><!--</style><img src=x onerror=${RUN}>`,
];
const LINKS = [
  `javascript:${RUN}`,
  `JAVASCRIPT:${RUN}`,
  `javascript&colon;${RUN}`,
  `java&#115;cript:${RUN}`,
  `java&#x73cript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `javascript\u00a0:${RUN}`,
  `javascript%3a${RUN}`,
  `data:text/html,${SCRIPT}`,
  `data:image/svg+xml,<svg/onload=${RUN}>`,
  `vbscript:${RUN}`,
  `feed:javascript:${RUN}`,
  `view-source:javascript:${RUN}`,
  `blob:https://x/1`,
  `//x.example/x`,
  `\\\\x.example\\x`,
  `/\\x.example/x`,
  `https:x.example`,
  `x" onerror="${RUN}`,
  `x' onerror='${RUN}`,
  `x onerror=${RUN}`,
  `\`onerror=${RUN}`,
];
const WORDS = [
  SCRIPT,
  `"><script>${RUN}</script>`,
  `'><img src=x onerror=${RUN}>`,
  `</title><script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `<!--<script>${RUN}</script>`,
  `]]><script xmlns="http://www.w3.org/1999/xhtml">${RUN}</script>`,
  `\\"};${RUN};//`,
  `\${${RUN}}`,
  `{{ ${RUN} }}{% raw %}`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `" autofocus onfocus=${RUN} x="`,
  `\u2028${RUN}\u2029`,
];
const DRAWINGS = [
  `<script>${RUN}</script>`,
  `<script href="data:text/javascript,${RUN}"/>`,
  `<g onload="${RUN}"/>`,
  `<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:top.harmed=1"/></foreignObject>`,
  `<h:script xmlns:h="http://www.w3.org/1999/xhtml">${RUN}</h:script>`,
  `<h:img xmlns:h="http://www.w3.org/1999/xhtm&#108;" src="x" onerror="${RUN}"/>`,
  `<image href="x" onerror="${RUN}"/>`,
  `<set attributeName="onmouseover" to="${RUN}"/>`,
  `<animate onbegin="${RUN}" attributeName="x" dur="1s"/>`,
  `<use href="data:image/svg+xml,&lt;svg id='x' xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/&gt;#x"/>`,
  `<style>@import 'https://x.example/x.css';</style>`,
];

const quoted = text => JSON.stringify(text);
const head = (title, keys = "") => `---\ntitle: ${title}\ndate: 2026-10-01\nsummary: Kort.\n${keys}---\n`;
const post = body => ({ "content/blog/x.md": `${head("Prov")}${body}\n` });
const event = keys => ({ "content/events/x.md": `${head("Dagen", `start: 2027-03-01\nplace: {city: Malmö}\n${keys}`)}Text.\n` });

/** Every vector at every place where one of its sort may stand. */
function* cases() {
  for (const html of HTML) {
    yield ["a block", html, post(html)];
    yield ["a line", html, post(`Text ${html} text`)];
    yield ["a list", html, post(`- a\n- ${html}\n\n> ${html}`)];
    yield ["a component", html, post(`::: fact-box title=${quoted("a")}\n${html}\n:::`)];
  }
  for (const link of LINKS) {
    yield ["a link", link, post(`[x](<${link}>)`)];
    yield ["a plain link", link, post(`[x](${link})`)];
    yield ["a reference", link, post(`[x][y]\n\n[y]: <${link}>`)];
    yield ["an image", link, post(`![Ett träd](<${link}>)`)];
    yield ["an autolink", link, post(`<${link}>`)];
    yield ["a registration", link, event(`registration: {url: ${quoted(link)}}\n`)];
    yield ["a meeting", link, event(`online: {url: ${quoted(link)}, platform: Teams}\n`)];
    yield ["a map", link, { "content/events/x.md": `${head("Dagen", `start: 2027-03-01\nplace: {city: Malmö, map: ${quoted(link)}}\n`)}Text.\n` }];
    yield ["a document", link, event(`documentation: [{title: Bild, url: ${quoted(link)}}]\n`)];
    yield ["an address of a file", link, { "content/blog/x.md": `${head("Prov", `aliases: [${quoted(link)}]\n`)}Text.\n` }];
    yield ["a slug", link, { "content/blog/x.md": `${head("Prov", `slug: ${quoted(link)}\n`)}Text.\n` }];
    yield ["a mail address", link, { "content/people/y.md": `---\ntitle: Bo\nemail: ${quoted(link)}\n---\nText.\n` }];
  }
  for (const words of WORDS) {
    // Titles stand in more places of the large theme.
    const files = {
      "site.yaml": SETTINGS.replace("plain", "mr"),
      "content/blog/x.md": `---\ntitle: ${quoted(words)}\ndate: 2026-10-01\nsummary: ${quoted(words)}\ntags: [${quoted(words)}]\nslug: x\n---\nText.\n`,
      "content/events/x.md": `---\ntitle: ${quoted(words)}\ndate: 2026-10-01\nstart: 2027-03-01\nplace: {city: ${quoted(words)}}\nslug: x\n---\nText.\n`,
    };
    yield ["titles, in feeds, calendars and data too", words, files];
    yield ["a heading", words, post(`## ${words}\n\nText.`)];
    yield ["code", words, post(`\`\`\`html\n${words}\n\`\`\`\n\nSe \`${words}\`.`)];
    yield ["the language of code", words, post(`\`\`\`${words}\nx\n\`\`\``)];
    yield ["an attribute", words, post(`[ord]{lang=${quoted(words)} title=${quoted(words)}}`)];
    yield ["an alternative text", words, { ...post(`![${words}](y.svg ${quoted(words)})`), "content/blog/y.svg": drawing("") }];
    yield ["a component's title", words, post(`::: fact-box title=${quoted(words)}\nText.\n:::`)];
  }
  for (const inside of DRAWINGS) yield ["a drawing", inside, { ...post("![Ett träd](y.svg)"), "content/blog/y.svg": drawing(inside) }];
}

const drawing = inside => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;

const SETTINGS = `title: Prov\norganisation: skr\nbase_url: ${BASE}\nemail: a@example.org\ncontact: anna-berg\ntheme: plain\n`;
const SITE = {
  "site.yaml": SETTINGS,
  "content/organisations.yaml": "skr:\n  names: [{name: Sveriges Kommuner och Regioner, short: SKR}]\n",
  "content/people/anna-berg.md": "---\ntitle: Anna Berg\norganisation: skr\nemail: a@example.org\n---\nText.\n",
};

async function write(root, files) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

async function pathsIn(folder, before = "") {
  const found = [];
  for (const entry of await readdir(join(folder, before), { withFileTypes: true })) {
    const path = `${before}${entry.name}`;
    if (entry.isDirectory()) found.push(...(await pathsIn(folder, `${path}/`)));
    else found.push(path);
  }
  return found;
}

/** Opens all that could show the words: what runs is told. */
async function look(browser, output) {
  const server = await serve(folder(output));
  const context = await browser.newContext({ bypassCSP: true });
  const faults = [];
  const tab = await context.newPage();
  tab.on("dialog", dialog => { faults.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  tab.on("request", request => { if (!request.url().startsWith(server.origin) && !request.url().startsWith("data:")) faults.push(`a request to ${request.url()}`); });
  const paths = (await pathsIn(output)).filter(path => /(^|\/)x\/index\.html$|^index\.html$|^(blogg|amnen|sok)\/index\.html$|\.svg$|feed\.xml$|kontakt/.test(path) && !path.startsWith("assets/"));
  for (const path of paths) {
    const address = server.base + path.replace(/index\.html$/, "");
    const opened = await tab.goto(address, { waitUntil: "load", timeout: 10_000 }).catch(error => error);
    if (opened instanceof Error && !/Download|ERR_ABORTED/.test(opened.message)) { faults.push(`${path}: ${opened.message}`); continue; }
    for (const link of await tab.$$("main a, svg a")) {
      const href = (await link.getAttribute("href")) ?? "";
      if (!/^(https?:|mailto:|tel:|[/#.]|$)/.test(href)) faults.push(`${path}: a link to ${href}`);
    }
    if (await tab.evaluate(() => window.harmed === 1)) faults.push(`${path}: it runs`);
  }
  await context.close();
  await server.close();
  return faults;
}

/** A site to put vectors into, one after the other. */
class Site {
  static async make() {
    const site = new Site();
    site.root = await mkdtemp(join(tmpdir(), "anslag-vectors-"));
    await write(site.root, SITE);
    for (const themes of ["themes", "tests/golden/small/themes"]) {
      await cp(join(repository, themes), join(site.root, "themes"), { recursive: true });
    }
    return site;
  }

  /** Builds it with these files. Pages that went with the vector before are no loss: nobody has seen them. */
  async build(files) {
    await rm(join(this.root, "addresses.lock"), { force: true });
    await write(this.root, files);
    return new Promise(resolve => {
      execFile(program, ["build", "--root", this.root, "--now", NOW, "-q"], (error, _, stderr) => {
        resolve({ status: error ? (error.code ?? error.signal) : 0, stderr });
      });
    });
  }

  async takeBack(files) {
    for (const path of Object.keys(files)) await rm(join(this.root, path));
    await write(this.root, SITE);
  }

  /** What a vector does; `null` when it is refused. */
  async faults(browser, files) {
    const run = await this.build(files);
    if (run.status === 1) return null;
    if (run.status !== 0) return [`it ends with ${run.status}: ${run.stderr}`];
    return look(browser, join(this.root, "public"));
  }
}

async function main() {
  const browser = await start();
  const waiting = [...cases()].filter(([place]) => place.includes(only));
  let passed = 0, failed = 0, published = 0;
  const judge = async () => {
    const site = await Site.make();
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const [place, vector, files] = one;
      const faults = await site.faults(browser, files);
      published += faults ? 1 : 0;
      if (faults?.length > 0) {
        failed += 1;
        console.log(`FAILED  ${place}: ${JSON.stringify(vector)}\n        ${faults.join("\n        ")}`);
      } else {
        passed += 1;
      }
      await site.takeBack(files);
    }
    return site;
  };
  const sites = await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, judge));
  const all = passed + failed;
  // The judge is worth something only if it sees what does run.
  const planted = { ...post("Text."), "content/blog/y.svg": drawing(DRAWINGS[0]), "site.yaml": `${SETTINGS}raw_html: all\n` };
  const seen = await sites[0].faults(browser, planted);
  if (seen?.some(fault => fault.includes("it runs"))) {
    passed += 1;
  } else {
    failed += 1;
    console.log("FAILED  a planted script is not seen");
  }
  await browser.close();
  for (const site of sites) await rm(site.root, { recursive: true });
  console.log(`of ${all} vectors in their places ${published} were published, made harmless; the others were refused`);
  console.log(`browser: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
