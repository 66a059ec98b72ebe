// Every page keeps the promises made to its readers: a strict policy is sent and nothing breaks it, nothing is asked of
// other hosts, nothing is stored, nothing is in a console. The visit itself reports breaches; this check visits all pages.
export const name = "policy";
export const pages = site => site.pages;

const STRICT = {
  "default-src": /^'none'$/,
  "script-src": /^'self'$/,
  "style-src": /^'self'$/,
  "img-src": /^'self'( data:)?$/,
  "base-uri": /^'(none|self)'$/,
  "frame-ancestors": /^'(none|self)'$/,
};

export async function look(browser, page, report) {
  await browser.visit(page.path, { report }, async tab => {
    for (const wrong of weak(await sentPolicy(browser, page))) report(wrong);
    await tab.evaluate(() => new Promise(done => requestIdleCallback(done)));
    for (const kept of await tab.evaluate(() => inside.kept())) report(`something is stored: ${kept}`);
    for (const { name } of await tab.context().cookies()) report(`a cookie is set: ${name}`);
    for (const wrong of await tab.evaluate(inline)) report(wrong);
  });
}

async function sentPolicy(browser, page) {
  const answer = await fetch(browser.address(page.path));
  return answer.headers.get("content-security-policy") ?? "";
}

function weak(policy) {
  const directives = new Map(policy.split(";").map(part => part.trim().split(/\s+(.*)/)));
  return Object.entries(STRICT)
    .filter(([name, value]) => !value.test(directives.get(name)?.trim() ?? ""))
    .map(([name]) => `the policy is weak: ${name} ${directives.get(name) ?? "is not there"}`);
}

// A policy would stop these; a host that sends none would let them run.
function inline() {
  const scripts = [...document.scripts].filter(script => !script.src && !/json/.test(script.type));
  const handlers = [...document.querySelectorAll("*")].filter(one => one.getAttributeNames().some(name => /^on/.test(name)));
  const styles = [...document.querySelectorAll("style, [style]")];
  return [...scripts, ...handlers, ...styles].map(one => `stands inline: ${one.localName}`);
}
