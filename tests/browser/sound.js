// A small sound site, in which selftest.js plants faults.
const head = (kind, more = "") => `<!DOCTYPE html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sida</title><link rel="stylesheet" href="/style.css"><link rel="icon" href="/icon.svg">${more}</head>
<body class="kind-${kind}">
<a class="skip-link" href="#main">Hoppa till innehållet</a>
<header><nav aria-label="Meny"><ul><li><a href="/">Start</a></li><li><a href="/sok/">Sök</a></li></ul></nav>
<form role="search" aria-label="Sök" action="/sok/"><label>Ord <input type="search" name="q"></label> <button>Sök</button></form>
</header>
<main id="main" tabindex="-1">`;
const FOOT = "</main>\n<footer><p>Utgivare</p></footer></body></html>";

const list = (title, cards, links) => `${head("tool_list", '<script src="/filter.js" defer></script>')}
<h1>${title}</h1>
<nav class="filters" aria-label="Typ"><ul>${links}</ul></nav><p role="status"></p>
<h2>Alla</h2><div class="cards">${cards}</div>${FOOT}`;
const ONE = '<div class="card"><h3>Ett</h3></div>';
const TWO = '<div class="card"><h3>Annat</h3></div>';

export const SOUND = {
  "index.html": `${head("home")}<h1>Rubriken här</h1>
<p>En text med en <a href="https://andra.example.com/sida">länk till andra</a> i sig.</p>
<ul><li><a href="/sok/">Den ena</a></li><li><a href="/404.html">Den andra</a></li></ul>${FOOT}`,
  "404.html": `${head("not_found")}<h1>Sidan finns inte</h1><p>Gå till <a href="/">början av allt</a>.</p>${FOOT}`,
  "sok/index.html": `${head("search", '<script src="/search.js" defer></script>')
    .replace(/<form.*<\/form>/s, "")}<h1>Sök</h1>
<form role="search" aria-label="Sök" action="/sok/" data-index="/sok/index.json"><label>Ord <input type="search" name="q"></label>
<button>Sök</button></form><p role="status">Sökningen behöver JavaScript.</p><ul class="search-hits"></ul>${FOOT}`,
  "sok/index.json": '[{"heading": "Rubriken om allt", "url": "/"}]',
  "lista/index.html": list("Lista", ONE + TWO, '<li><a href="/lista/" aria-current="page">Alla</a></li><li><a href="/lista/ett/">Ett</a></li>'),
  "lista/ett/index.html": list("Ett", ONE, '<li><a href="/lista/">Alla</a></li><li><a href="/lista/ett/" aria-current="page">Ett</a></li>'),
  "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
  "style.css": `:root { color-scheme: light dark; }
body { margin: 1rem; font: 1rem/1.5 sans-serif; background: #fff; color: #222; overflow-wrap: anywhere; }
a { color: #00478a; } nav a, li a { display: inline-block; padding: .5rem; }
:focus-visible { outline: 3px solid #00478a; outline-offset: 2px; }
.skip-link { position: absolute; left: -100vw; } .skip-link:focus { left: 0; background: #fff; }
[hidden] { display: none; }
@media (prefers-color-scheme: dark) { body, .skip-link:focus { background: #111; color: #eee; } a { color: #9cf; }
  :focus-visible { outline-color: #9cf; } }
@media print { nav, form, footer, .skip-link { display: none; } body { background: #fff; color: #000; } a { color: #000; }
  main a[href^="http"]::after { content: " <" attr(href) ">"; } }`,
  "search.js": `const field = document.querySelector("[data-index] input"), state = document.querySelector("[role=status]");
const hits = document.querySelector(".search-hits");
const search = async () => {
  const entries = await (await fetch("/sok/index.json")).json();
  const found = entries.filter(entry => field.value && entry.heading.includes(field.value));
  hits.replaceChildren(...found.map(({ heading, url }) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = url; link.textContent = heading; item.append(link); return item; }));
  state.textContent = found.length + " träffar på " + field.value;
};
field.addEventListener("input", () => { history.replaceState(null, "", "?q=" + field.value); search(); });
field.value = new URLSearchParams(location.search).get("q") ?? ""; if (field.value) search();`,
  "filter.js": `const links = [...document.querySelectorAll(".filters a")];
const show = async path => {
  const found = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
  document.querySelector(".cards").replaceChildren(...found.querySelectorAll(".card"));
  for (const link of links) link.ariaCurrent = link.pathname === path ? "page" : null;
  document.querySelector("[role=status]").textContent = document.querySelectorAll(".card").length + " träffar";
};
for (const link of links) link.addEventListener("click", event => {
  event.preventDefault();
  if (link.pathname !== location.pathname) history.pushState(null, "", link.href);
  show(link.pathname); });
addEventListener("popstate", () => show(location.pathname));`,
};
