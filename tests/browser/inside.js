// Questions to a page, answered inside it. This file is a script that the suite runs in the page under test: it reads,
// and changes nothing but the sheets that `wear` adds.
(() => {
  const TARGETS = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]";

  /** An element in a few signs that a developer finds it by. */
  const name = element => {
    if (!element) return "nothing";
    const part = one => one.localName + (one.id ? `#${one.id}` : [...one.classList].map(word => `.${word}`).join(""));
    const around = element.parentElement?.closest("[class], [id], main, nav, header, footer, body");
    return around && around !== document.body ? `${part(around)} ${part(element)}` : part(element);
  };

  const rects = element => [...element.getClientRects()].filter(rect => rect.width > 0 && rect.height > 0);
  const isVisible = element => element.checkVisibility({ visibilityProperty: true }) && rects(element).length > 0;

  /** Whether an element is there for screen readers alone. */
  const isHidden = element => {
    for (let one = element; one; one = one.parentElement) {
      const { clipPath, clip, position } = getComputedStyle(one);
      if (clipPath === "inset(50%)" || (position === "absolute" && clip !== "auto")) return true;
    }
    return false;
  };

  /** The elements around that cut off or scroll what sticks out. */
  const cutters = node => {
    const found = [];
    for (let one = node.parentElement; one && one !== document.documentElement; one = one.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(one);
      if (overflowX !== "visible" || overflowY !== "visible") found.push(one);
    }
    return found;
  };
  const scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflowX);

  // Colours.
  const channels = colour => {
    const numbers = (colour.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
    const scale = colour.startsWith("color(") ? 255 : 1;
    return [numbers[0] * scale, numbers[1] * scale, numbers[2] * scale, numbers[3] ?? 1];
  };
  const luminance = ([red, green, blue]) => {
    const linear = value => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  /** The colour behind an element, as far as it is plain. */
  const paper = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = channels(getComputedStyle(one).backgroundColor);
      if (colour[3] > 0.5) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches && !matchMedia("print").matches
      ? [18, 18, 18, 1] : [255, 255, 255, 1];
  };

  const sheet = text => {
    const added = new CSSStyleSheet();
    added.replaceSync(text);
    return added;
  };
  /** Adds rules as a reader's own style sheet would; a policy has no say in it. */
  const wear = text => void (document.adoptedStyleSheets = text ? [sheet(text)] : []);

  /** Text without contrast to what is behind it. */
  const faint = () => {
    const isLarge = ({ fontSize, fontWeight }) => parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
    const found = texts().filter(({ element }) => {
      const style = getComputedStyle(element);
      return contrast(channels(style.color), paper(element)) < (isLarge(style) ? 3 : 4.5);
    });
    return [...new Set(found.map(text => name(text.element)))];
  };

  // The keyboard.
  let stops = [], furthest = -1;
  const look = element => {
    const { outlineStyle, outlineWidth, outlineColor, outlineOffset, backgroundColor, borderTopColor, boxShadow }
      = getComputedStyle(element);
    return { outlineStyle, outlineWidth, outlineColor, outlineOffset, backgroundColor, borderTopColor, boxShadow };
  };
  /** Remembers all that the Tab key should reach, and how each looks without focus. */
  const remember = () => {
    document.activeElement?.blur();
    furthest = -1;
    stops = [...document.querySelectorAll(TARGETS)]
      .filter(element => element.tabIndex >= 0 && !element.disabled && isVisible(element))
      .map(element => ({ element, before: look(element), seen: false }));
    return stops.length;
  };
  /** Where the focus is: its place among the stops, and what is wrong there. `undefined` when it has left the page. */
  const stop = () => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return undefined;
    const at = stops.findIndex(stop => stop.element === element);
    const again = at >= 0 && stops[at].seen;
    const known = at >= 0 && !again ? [...marked(element, stops[at].before), ...way(at)] : [];
    if (at >= 0) stops[at].seen = true;
    return { at, again, name: name(element), wrong: again ? [] : [...seen(element), ...known] };
  };
  /** What is wrong with the way to a stop from the furthest one before. */
  const way = at => {
    const from = furthest;
    furthest = Math.max(from, at);
    if (from < 0) return [];
    if (at < from) return ["goes back in the text"];
    return goesBack(from, at) ? ["goes backwards to the eye"] : [];
  };

  const seen = element => {
    const all = rects(element);
    const inside = all.filter(({ left, right, top, bottom }) =>
      right > 0 && bottom > 0 && left < innerWidth && top < innerHeight);
    if (inside.length === 0) return ["the focus is outside the window"];
    const shows = rect => {
      const x = (Math.max(rect.left, 0) + Math.min(rect.right, innerWidth)) / 2;
      const y = (Math.max(rect.top, 0) + Math.min(rect.bottom, innerHeight)) / 2;
      const hit = document.elementFromPoint(x, y);
      return hit && (element.contains(hit) || hit.closest("label")?.control === element);
    };
    return inside.some(shows) ? [] : ["the focus is covered"];
  };

  const marked = (element, before) => {
    const after = look(element);
    if (after.outlineStyle !== "none" && parseFloat(after.outlineWidth) >= 2) return outlined(element, after);
    const changed = ["backgroundColor", "borderTopColor"].some(part =>
      contrast(channels(after[part]), channels(before[part])) >= 3);
    return changed || after.boxShadow !== before.boxShadow ? [] : ["the focus is not marked"];
  };
  const outlined = (element, { outlineColor, outlineWidth, outlineOffset }) => {
    const wrong = [];
    const around = parseFloat(outlineOffset) < 0 ? element : element.parentElement;
    const ratio = contrast(channels(outlineColor), paper(around));
    if (ratio < 3) wrong.push(`the mark of focus has a contrast of ${ratio.toFixed(1)}`);
    const room = parseFloat(outlineOffset) + parseFloat(outlineWidth);
    const box = element.getBoundingClientRect();
    const isCut = cutters(element).some(cutter => {
      const edge = cutter.getBoundingClientRect();
      const cut = [box.left - room < edge.left, box.top - room < edge.top,
        box.right + room > edge.right, box.bottom + room > edge.bottom];
      return cut.filter(Boolean).length > 1;
    });
    if (isCut) wrong.push("the mark of focus is cut off");
    return wrong;
  };

  /** What the Tab key never reached. Of radio buttons, one of a group is enough. */
  const missed = () => {
    const group = ({ element }) => element.type === "radio" && `${element.form?.id} ${element.name}`;
    const groups = new Set(stops.filter(stop => stop.seen).map(group));
    return stops.filter(stop => !stop.seen && !(group(stop) && groups.has(group(stop)))).map(stop => name(stop.element));
  };
  /** Whether the way from one stop to the next goes backwards in one list, menu, or form. */
  const goesBack = (one, other) => {
    const [from, to] = [stops[one].element, stops[other].element];
    const list = "ul, ol, dl, nav, form, table, p";
    if (!from.closest(list) || from.closest(list) !== to.closest(list)) return false;
    const [before] = rects(from), [after] = rects(to);
    const sameRow = after.top < before.bottom && after.bottom > before.top;
    return sameRow ? after.left < before.left - 1 : after.bottom <= before.top && after.left <= before.left;
  };
  /** Elements that put themselves first in the order of the Tab key. */
  const pushy = () => [...document.querySelectorAll("[tabindex]")].filter(one => one.tabIndex > 0).map(name);
  /** The skip link, if it is the focus: where it leads. */
  const skip = () => {
    const target = document.activeElement.getAttribute("href");
    return target?.startsWith("#") && target.length > 1 && document.getElementById(decodeURIComponent(target.slice(1)))
      ? target.slice(1) : undefined;
  };
  /** Whether the focus is in an element, or is it. */
  const isIn = id => document.getElementById(id).contains(document.activeElement);
  const isInMain = id => document.getElementById(id).closest("main") !== null;

  // Reflow.
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || !isVisible(element) || isHidden(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const size = parseFloat(getComputedStyle(element).fontSize);
      for (const rect of range.getClientRects()) {
        // The letters, without the room above and below them.
        const middle = (rect.top + rect.bottom) / 2;
        if (rect.width > 1) {
          const [top, bottom] = [middle - size * 0.35, middle + size * 0.35];
          found.push({ node, element, left: rect.left, right: rect.right, top, bottom });
        }
      }
    }
    return found.sort((one, other) => one.top - other.top);
  };
  /** What is wider than the window, outside what scrolls by itself. */
  const wide = () => {
    const limit = document.documentElement.clientWidth + 1;
    const scroller = document.scrollingElement;
    const isWide = scroller.scrollWidth > limit;
    // A skip link waits outside until it has the focus.
    const waits = ({ element, right }) => right <= 0 && element.closest("a[href^='#']");
    const sticksOut = texts().filter(text =>
      (text.right > limit || text.left < -1) && !waits(text) && !cutters(text.node).some(scrolls));
    const names = [...new Set(sticksOut.map(text => name(text.element)))];
    if (!isWide) return names;
    const boxes = [...document.body.querySelectorAll("*")].filter(element =>
      isVisible(element) && element.getBoundingClientRect().right > limit && !cutters(element).some(scrolls));
    return [...new Set([...names, ...boxes.slice(-3).map(name), `the page is ${scroller.scrollWidth} px wide`])];
  };
  /** Text that is cut off by the box it stands in. */
  const clipped = () => {
    const found = texts().filter(text => cutters(text.node).some(cutter => {
      const { overflowX, overflowY } = getComputedStyle(cutter);
      const edge = cutter.getBoundingClientRect();
      const hides = value => value === "hidden" || value === "clip";
      return (hides(overflowX) && (text.right > edge.right + 1 || text.left < edge.left - 1))
        || (hides(overflowY) && (text.bottom > edge.bottom + 1 || text.top < edge.top - 1));
    }));
    return [...new Set(found.map(text => name(text.element)))];
  };
  /** Pairs of texts that stand on each other. */
  const overlapping = () => {
    const all = texts();
    const found = new Set();
    for (let at = 0; at < all.length; at += 1) {
      for (let next = at + 1; next < all.length && all[next].top < all[at].bottom - 1; next += 1) {
        const [one, other] = [all[at], all[next]];
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        if (width > 2 && one.element !== other.element) found.add(`${name(one.element)} and ${name(other.element)}`);
      }
    }
    return [...found];
  };

  // What there is to read.
  const isSaid = element => element.closest("[role=status], [aria-live], noscript") !== null;
  /** All words and links that are visible; words by line, without what is only announced. */
  const content = () => {
    const said = [...document.querySelectorAll("[role=status], [aria-live]")];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const words = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() && isVisible(element) && !isSaid(element)) words.push(node.data.trim().replace(/\s+/g, " "));
    }
    const links = [...document.querySelectorAll("a[href]")].filter(isVisible).map(link => link.getAttribute("href"));
    return { words, links, said: said.filter(isVisible).map(one => one.innerText.trim()) };
  };
  /** Forms that nobody can send without script. */
  const mute = () => [...document.forms].filter(form => isVisible(form) && !(form.hasAttribute("action")
    && [...form.elements].some(control => control.type === "submit" && isVisible(control)))).map(name);

  /** The headings of the cards in the main part. */
  const cards = () => [...document.querySelectorAll("main .card h3")].filter(isVisible).map(one => one.textContent.trim());

  // What the browser keeps.
  const kept = async () => {
    const stores = { localStorage, sessionStorage };
    const found = Object.entries(stores).filter(([, store]) => store.length > 0).map(([store]) => store);
    if (document.cookie) found.push("cookies");
    if ((await indexedDB.databases()).length > 0) found.push("indexedDB");
    if ((await caches.keys()).length > 0) found.push("caches");
    if ((await navigator.serviceWorker.getRegistrations()).length > 0) found.push("a service worker");
    return found;
  };

  // Print.
  /** What stands on paper and has no use there. Lists with headings are something to read. */
  const useless = () => [...document.querySelectorAll("nav:not(:has(h2, h3)), form, button, .skip-link, body > footer")]
    .filter(element => isVisible(element) && !isHidden(element)).map(name);
  /** Text of the main part that is not dark on white. */
  const pale = () => {
    const white = [255, 255, 255, 1];
    const found = texts().filter(({ element }) => contrast(channels(getComputedStyle(element).color), white) < 4.5
      || contrast(paper(element), white) > 1.2);
    return [...new Set(found.map(text => name(text.element)))];
  };
  /** What must stand on paper: the heading, and where the links in the text lead. */
  const printed = () => ({
    heading: document.querySelector("h1")?.textContent ?? "",
    targets: [...document.querySelectorAll("main a[href^=http]")]
      .filter(link => isVisible(link) && new URL(link.href).origin !== location.origin)
      .map(link => link.getAttribute("href")),
  });

  globalThis.inside = {
    cards, clipped, content, faint, isIn, isInMain, kept, missed, mute, overlapping, pale, printed, pushy, remember,
    skip, stop, useless, wear, wide,
  };
})();
