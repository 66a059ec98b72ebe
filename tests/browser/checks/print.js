// On paper stands what was to be read and nothing that must be clicked, dark on white, with the targets of links written
// out.
import { chosen } from "../site.js";
import { wordsOfPdf } from "../tools.js";

export const name = "print";
export const pages = site => chosen(site.pages);

export async function look(browser, page, report) {
  await browser.visit(page.path, { scheme: "dark", report }, async tab => {
    await tab.emulateMedia({ media: "print", colorScheme: "dark" });
    const { useless, pale, printed } = await tab.evaluate(() =>
      ({ useless: inside.useless(), pale: inside.pale(), printed: inside.printed() }));
    for (const one of new Set(useless)) report(`is of no use on paper: ${one}`);
    for (const one of pale) report(`is not dark on white: ${one}`);
    const words = solid(await wordsOfPdf(await tab.pdf({ format: "A4" })));
    // Words alone, since lines that run from right to left are kept in another order.
    const heading = printed.heading.match(/[a-zåäö]{3,}/gi) ?? [];
    if (heading.some(word => !words.includes(solid(word)))) report("the heading is not on paper");
    for (const target of new Set(printed.targets)) {
      if (!words.includes(solid(target))) report(`the target of a link is not on paper: ${target}`);
    }
  });
}

// Lines break where they like, so white space and hyphens do not count.
function solid(text) {
  return text.normalize("NFKC").replace(/[\s\u00ad\u2010-]/gu, "");
}
