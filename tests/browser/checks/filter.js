// The filters of the toolkit are links to lists of their own, which a script makes faster: what it shows is what the list
// at that address shows, it says how many there are, and the reader's way back works.
export const name = "filter";
export const pages = site => site.pages.filter(page => page.kind === "tool_list" && page.has.has(".filters"));

const LINKS = ".filters a";

export async function look(browser, page, report) {
  const lists = new Map();
  for (const address of await choices(browser, page, report)) {
    await browser.visit(relative(browser, address), { script: false, report }, async tab => {
      lists.set(address, await tab.evaluate(() => inside.cards()));
    });
  }
  await browser.visit(page.path, { report }, async tab => {
    let loads = 0;
    tab.on("load", () => (loads += 1));
    for (const [address, list] of lists) await choose(tab, address, list, report);
    if (loads > 0) report("the script loads a page");
    const [before] = [...lists].at(-2) ?? [];
    if (!before) return;
    await tab.goBack();
    await agrees(tab, before, lists.get(before)).catch(() => report("the way back does not lead to what was chosen before"));
  });
}

async function choices(browser, page, report) {
  let found = [];
  await browser.visit(page.path, { report }, async tab => {
    found = await tab.evaluate(links => [...document.querySelectorAll(links)].map(link => link.pathname), LINKS);
  });
  return found;
}

function relative(browser, path) {
  return decodeURI(path).replace(new URL(browser.address("")).pathname, "");
}

async function choose(tab, address, list, report) {
  await tab.locator(`${LINKS}[href="${address}"]`).click();
  const done = await agrees(tab, address, list).catch(() => false);
  if (!done) return report(`the choice does not show what its own page shows: ${address}`);
  const said = await tab.locator("[role=status]").innerText();
  if (!new RegExp(`(^|\\D)${list.length}(\\D|$)`).test(said) && list.length > 1) report(`does not say how many: ${address}`);
}

// Waits until the page is as the page at the address.
function agrees(tab, address, list) {
  return tab.waitForFunction(([address, list]) => {
    const current = document.querySelector(".filters [aria-current]");
    return location.pathname === address && current?.pathname === address && inside.cards().join() === list.join();
  }, [address, list], { timeout: 5000 });
}
