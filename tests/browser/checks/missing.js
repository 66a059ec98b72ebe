// An address that does not exist gets the site's own page, whole at any depth.
export const name = "missing pages";
export const pages = site => site.pages.filter(page => page.name === "404.html");

export async function look(browser, page, report) {
  for (const path of ["finns-inte", "finns/inte/alls/"]) {
    await browser.visit(path, { report }, async tab => {
      const wrong = await tab.evaluate(() => {
        const sheets = [...document.styleSheets].filter(sheet => sheet.cssRules.length > 0);
        return [
          sheets.length === 0 && "has no style",
          !document.querySelector("h1") && "has no heading",
          [...document.links].length === 0 && "has no way on",
        ].filter(Boolean);
      });
      wrong.forEach(what => report(what, path));
      for (const address of await tab.evaluate(() => [...document.links]
        .filter(link => !link.getAttribute("href").startsWith("#")).map(link => link.href))) {
        const own = address.startsWith(new URL(browser.address("")).origin);
        if (own && !(await fetch(address)).ok) report(`leads nowhere: ${address}`, path);
      }
    });
  }
}
