// Hands out a finished site as a host does: on this machine alone, under its base path, with its types and with the
// headers that the site's `_headers` asks for.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ics": "text/calendar; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml; charset=utf-8",
};
const FEEDS = { "feed.json": "application/feed+json; charset=utf-8", "feed.xml": "application/atom+xml; charset=utf-8" };
const PACKED = /^(text\/|application\/(json|xml|feed|atom)|image\/svg)/;

// What a site without `_headers` must still bear.
export const STRICT = `/*
  Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self' https://formular.example.org; base-uri 'none'; frame-ancestors 'none'
`;

/** Reads the files of a folder: bytes, or null where there is no such file. */
export function folder(path) {
  return name => readFile(join(path, normalize(`/${name}`))).catch(() => null);
}

/** Serves what `read` gives under the path `base`, such as `/` or `/mr/`. */
export async function serve(read, { base = "/", port = 0, packed = false } = {}) {
  const rules = parseHeaders(String((await read("_headers")) ?? STRICT));
  const server = createServer(async (request, response) => {
    const path = decode(new URL(request.url, "http://host").pathname);
    const { status, body, headers } = await answer(read, base, path);
    Object.assign(headers, headersFor(rules, path));
    const bytes = packed && PACKED.test(headers["Content-Type"]) && body ? await pack(body, headers) : body;
    response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : bytes);
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    base: origin + base,
    close: () => (server.closeAllConnections(), new Promise(done => server.close(done))),
  };
}

async function answer(read, base, path) {
  const name = path?.startsWith(base) ? path.slice(base.length) : null;
  const file = name === "" || name?.endsWith("/") ? `${name}index.html` : name;
  const body = file === null ? null : await read(file);
  if (body) return { status: 200, body, headers: { "Content-Type": typeOf(file) } };
  if (file !== null && (await read(`${file}/index.html`))) {
    return { status: 301, body: null, headers: { Location: `${encodeURI(path)}/` } };
  }
  return { status: 404, body: (await read("404.html")) ?? "", headers: { "Content-Type": TYPES[".html"] } };
}

function typeOf(file) {
  return FEEDS[file.split("/").at(-1)] ?? TYPES[extname(file)] ?? "application/octet-stream";
}

async function pack(body, headers) {
  headers["Content-Encoding"] = "gzip";
  headers.Vary = "Accept-Encoding";
  return promisify(gzip)(body);
}

function decode(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** The rules of a `_headers` file: a path, in which `*` is any text, and below it the headers, indented. */
export function parseHeaders(text) {
  const rules = [];
  for (const line of text.split("\n").filter(line => line.trim() && !line.trimStart().startsWith("#"))) {
    if (/^\S/.test(line)) {
      const parts = line.trim().split(/(\*|:[a-z]\w*)/);
      const pattern = parts.map((part, at) => (at % 2 === 0 ? escape(part) : part === "*" ? ".*" : "[^/]+")).join("");
      rules.push({ pattern: new RegExp(`^${pattern}$`), headers: [] });
    } else {
      const [name, ...value] = line.trim().split(":");
      rules.at(-1)?.headers.push([name, value.join(":").trim()]);
    }
  }
  return rules;
}

function headersFor(rules, path) {
  return Object.fromEntries(rules.filter(rule => rule.pattern.test(path)).flatMap(rule => rule.headers));
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
