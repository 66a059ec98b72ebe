// What html-validate asks of every page. A rule that is turned off has its reason here.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // `<!doctype html>` in small letters is as right, and what the standard's own examples have.
    "doctype-style": "off",
    // Titles end with the name of the site, and a conference is called what it is called.
    "long-title": "off",
    // A number is shown as its owner writes it; `white-space: nowrap` keeps it together.
    "tel-non-breaking": "off",
    // Every sign but white space is allowed in an id; footnotes have `fn:1`.
    "valid-id": ["error", { relaxed: true }],
    // A wide table scrolls in a `div` that is a region with a name; it is no section of the text.
    "prefer-native-element": ["error", { exclude: ["region"] }],
  },
};
