// The Tab key walks through the whole page: the skip link first, every stop in sight and marked, in the order of the text,
// and out again at the end.
import { DESKTOP, PHONE } from "../browser.js";
import { chosen } from "../site.js";

export const name = "keyboard";
export const pages = site => chosen(site.pages);

export async function look(browser, page, report) {
  for (const [width, scheme] of [[DESKTOP, "light"], [PHONE, "dark"]]) {
    const view = `${width} px, ${scheme}`;
    const say = what => report(what, view);
    await browser.visit(page.path, { width, scheme, report: say }, tab => walk(tab, say));
  }
  await browser.visit(page.path, { report }, tab => skip(tab, report));
}

async function walk(tab, report) {
  const count = await tab.evaluate(() => inside.remember());
  for (const one of await tab.evaluate(() => inside.pushy())) report(`puts itself first in the order: ${one}`);
  // A date has several stops in one field; more than some of each means that there is no way out.
  for (let pressed = 0; pressed <= count * 2 + 20; pressed += 1) {
    await tab.keyboard.press("Tab");
    const stop = await tab.evaluate(() => inside.stop());
    if (!stop || (stop.again && stop.at === 0)) return missed(tab, report);
    for (const wrong of stop.wrong) report(`${wrong}: ${stop.name}`);
  }
  const stuck = await tab.evaluate(() => inside.stop()?.name);
  report(`the Tab key does not get past ${stuck}`);
}

async function missed(tab, report) {
  for (const one of await tab.evaluate(() => inside.missed())) report(`the Tab key never reaches ${one}`);
}

async function skip(tab, report) {
  await tab.evaluate(() => inside.remember());
  await tab.keyboard.press("Tab");
  const target = await tab.evaluate(() => inside.skip());
  if (!target) return report("the first stop is no skip link");
  if (!(await tab.evaluate(id => inside.isInMain(id), target))) report(`the skip link leads to #${target}, outside main`);
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("Tab");
  const within = await tab.evaluate(id => {
    const main = document.getElementById(id);
    return inside.isIn(id) || !main.querySelector("a[href], button, input, select, textarea");
  }, target);
  if (!within) report("the skip link does not take the focus along");
}
