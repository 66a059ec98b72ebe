// Without JavaScript all words and links are there, forms can be sent, and the page of the search says what it cannot do.
import { chosen } from "../site.js";

export const name = "without script";
export const pages = site => chosen(site.pages);

export async function look(browser, page, report) {
  const read = async options => {
    let found;
    await browser.visit(page.path, { ...options, report }, async tab => {
      found = await tab.evaluate(() => ({ ...inside.content(), mute: inside.mute() }));
    });
    return found;
  };
  const [with_, without] = [await read({ script: true }), await read({ script: false })];
  if (!with_ || !without) return;
  for (const words of missing(with_.words, without.words)) report(`the words are not there: ${words}`);
  for (const link of missing(with_.links, without.links)) report(`the link is not there: ${link}`);
  for (const form of without.mute) report(`the form cannot be sent: ${form}`);
  await search(browser, page, without, report);
}

function missing(all, there) {
  const found = new Set(there);
  return [...new Set(all)].filter(one => !found.has(one));
}

async function search(browser, page, without, report) {
  await browser.visit(page.path, { script: false, report }, async tab => {
    const own = tab.locator("form[data-index]");
    if (await own.count() > 0) {
      if (!without.said.some(Boolean)) report("the search does not say that it needs script");
      return;
    }
    const form = tab.locator("form[role=search]").first();
    if (await form.count() === 0) return;
    await form.locator("input[type=search]").fill("rätt");
    const [answer] = await Promise.all([
      tab.waitForResponse(response => response.request().isNavigationRequest()),
      form.locator("input[type=search]").press("Enter"),
    ]);
    if (!answer.ok()) report(`the search form leads to ${answer.status()}: ${answer.url()}`);
  });
}
