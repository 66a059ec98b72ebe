// Nothing is cut off, covered or pushed out of the window: at 320 px, with a reader's own spacing of text (WCAG 1.4.12),
// and with letters of double size (1.4.4).
import { DESKTOP } from "../browser.js";

const NARROW = 320;
const SPACING = `
  * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-bottom: 2em !important; }`;
const DOUBLE = "html { font-size: 200% !important; }";
const VIEWS = [
  [NARROW, "as it is", ""],
  [NARROW, "spaced", SPACING],
  [DESKTOP, "spaced", SPACING],
  [DESKTOP, "double size", DOUBLE],
];

export const name = "reflow";
export const pages = site => site.pages;

export async function look(browser, page, report) {
  await browser.visit(page.path, { width: NARROW, report }, async tab => {
    for (const [width, how, rules] of VIEWS) {
      await tab.setViewportSize({ width, height: 800 });
      const found = await tab.evaluate(rules => {
        inside.wear(rules);
        return { wide: inside.wide(), clipped: inside.clipped(), overlapping: inside.overlapping() };
      }, rules);
      const say = (what, all) => all.forEach(one => report(`${what}: ${one}`, `${width} px, ${how}`));
      say("wider than the window", found.wide);
      say("text is cut off", found.clipped);
      say("texts overlap", found.overlapping);
    }
  });
}
