// The site's own search finds a page by its title, says how many there are, keeps the address in step, and can be reached
// from the form on other pages.
export const name = "search";
export const pages = site => site.pages.filter(page => page.kind === "search");

export async function look(browser, page, report) {
  const entries = await (await fetch(browser.address(`${page.path}index.json`))).json();
  const { heading, url } = entries.find(entry => /^[\p{L}\p{N} ]{8,}$/u.test(entry.heading)) ?? entries[0];
  await browser.visit(page.path, { report }, tab => typed(tab, heading, url, report));
  await browser.visit(`${page.path}?q=${encodeURIComponent(heading)}`, { report }, async tab => {
    await found(tab, url, report, "from the address");
  });
  await browser.visit("", { report }, tab => elsewhere(tab, heading, url, report));
}

async function typed(tab, heading, url, report) {
  const state = tab.locator("[role=status]");
  const before = await state.innerText();
  await tab.locator("form[data-index] input[type=search]").fill("qqqqqq");
  await changed(tab, before);
  const none = await state.innerText();
  if (await tab.locator(".search-hits a").count() > 0) report("the search finds what is nowhere");
  await tab.locator("form[data-index] input[type=search]").fill(heading);
  await changed(tab, none);
  await found(tab, url, report, "typed");
  if (!new URL(tab.url()).searchParams.get("q")) report("the address does not say what is sought");
  if (!/\d|en|ett|one/i.test(await state.innerText())) report("the search does not say how much it found");
}

async function changed(tab, before) {
  await tab.waitForFunction(before => document.querySelector("[role=status]").innerText !== before, before);
}

async function found(tab, url, report, how) {
  await tab.locator(`.search-hits a[href="${url}"]`).first().waitFor({ timeout: 5000 })
    .catch(() => report(`the search does not find ${url}`, how));
}

async function elsewhere(tab, heading, url, report) {
  const field = tab.locator("form[role=search] input[type=search]").first();
  if (await field.count() === 0) return report("the home page has no search");
  await field.fill(heading);
  await field.press("Enter");
  await found(tab, url, report, "from the home page");
}
