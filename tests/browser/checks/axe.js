// axe-core finds nothing against WCAG 2.0 to 2.2, A and AA, nor against good practice: on a phone and a desktop, in light,
// in dark, and where the reader's system chooses all colours.
import { DESKTOP, PHONE } from "../browser.js";
import { chosen } from "../site.js";
import { axe } from "../tools.js";

const SCHEMES = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  forced: { colorScheme: "dark", forcedColors: "active" },
};
const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  // axe asks for 24 px only when told to.
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
};
// Of forced colours Chromium tells `color` right, and `-webkit-text-fill-color`, which axe reads, as it was before. So
// there `faint` asks for contrast.
const FORCED_RULES = { ...RULES, rules: { ...RULES.rules, "color-contrast": { enabled: false } } };

export const name = "axe";
export const pages = site => chosen(site.pages);

export async function look(browser, page, report) {
  for (const width of [PHONE, DESKTOP]) {
    await browser.visit(page.path, { width, report }, async tab => {
      await tab.evaluate(axe);
      for (const [scheme, media] of Object.entries(SCHEMES)) {
        await tab.emulateMedia(media);
        await judge(tab, scheme, what => report(what, `${width} px, ${scheme}`));
      }
    });
  }
}

async function judge(tab, scheme, report) {
  const rules = scheme === "forced" ? FORCED_RULES : RULES;
  const { violations } = await tab.evaluate(rules => globalThis.axe.run(document, rules), rules);
  for (const { id, help, nodes } of violations) {
    for (const node of nodes) report(`${help} (${id}): ${node.target.join(" ")}`);
  }
  if (scheme === "forced") {
    for (const one of await tab.evaluate(() => inside.faint())) report(`no contrast where colours are forced: ${one}`);
  }
}
