// The list of checks. A check has a name, says which pages of a site it wants, and looks at one page at a time.
import * as axe from "./checks/axe.js";
import * as filter from "./checks/filter.js";
import * as keyboard from "./checks/keyboard.js";
import * as missing from "./checks/missing.js";
import * as pictures from "./checks/pictures.js";
import * as policy from "./checks/policy.js";
import * as print from "./checks/print.js";
import * as reflow from "./checks/reflow.js";
import * as script from "./checks/script.js";
import * as search from "./checks/search.js";

export const CHECKS = [policy, missing, axe, keyboard, reflow, script, print, search, filter, pictures];

/** What depends on where the site stands: for the same site under another base path. */
export const SHORT = [policy, missing, search, filter];
