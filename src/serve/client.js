// Keeps a page as the site is, while somebody writes. `anslag serve` adds it; a published site has none of it.
'use strict';
(() => {
  const words = {
    sv: {
      title: 'anslag serve', now: 'Visas som nu', at: 'Visas som', time: 'Visa webbplatsen som den är', show: 'Visa', back: 'Tillbaka till nu',
      wrong: 'Webbplatsen kan inte byggas', last: 'Bakom visas den senaste som gick bra. Rutan försvinner när felet är rättat.', hide: 'Visa sidan',
      none: 'Den visas när felet är rättat.',
    },
    en: {
      title: 'anslag serve', now: 'Shown as of now', at: 'Shown as of', time: 'Show the site as it is at', show: 'Show', back: 'Back to now',
      wrong: 'The site cannot be built', last: 'Behind this is the last one that was well. It goes away when the fault is mended.', hide: 'Show the page',
      none: 'It is shown when the fault is mended.',
    },
  };
  const place = 'anslag-place';
  const host = document.createElement('anslag-serve');
  const root = host.attachShadow({ mode: 'open' });
  const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/_anslag/client.css' });
  const bar = document.createElement('div');
  const wrong = document.createElement('dialog');
  wrong.className = 'wrong';
  root.append(style, bar, wrong);
  document.documentElement.append(host);

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const setTime = (at) => fetch(`/_anslag/time?at=${encodeURIComponent(at)}`, { method: 'POST' });

  const showBar = (view, say) => {
    const input = element('input', { type: 'datetime-local', name: 'at', value: (view.time ?? '').slice(0, 16), required: true });
    const form = element('form', {}, element('label', {}, say.time, input), element('button', {}, say.show));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      setTime(input.value);
    });
    if (view.time) {
      const back = element('button', { type: 'button' }, say.back);
      back.addEventListener('click', () => setTime(''));
      form.append(back);
    }
    const told = view.time ? `${say.at} ${view.time.slice(0, 16).replace('T', ' ')}` : say.now;
    const details = element('details', { open: bar.querySelector('details')?.open ?? false }, element('summary', {}, told), form);
    bar.className = view.time ? 'bar is-other' : 'bar';
    bar.lang = say === words.sv ? 'sv' : 'en';
    bar.replaceChildren(details);
  };

  const showWrong = (view, say) => {
    if (!view.wrong) {
      wrong.close();
      return;
    }
    const hide = element('button', { type: 'button' }, say.hide);
    hide.addEventListener('click', () => wrong.close());
    const text = element('pre', { tabIndex: 0, lang: 'en' }, view.wrong);
    wrong.lang = say === words.sv ? 'sv' : 'en';
    // Nothing has been well yet where a page has only what the server adds.
    const isBlank = !document.body.querySelector(':scope > :not(script, noscript)');
    const more = isBlank ? [element('p', {}, say.none)] : [element('p', {}, say.last), hide];
    wrong.replaceChildren(element('h1', {}, say.wrong), ...more, text);
    if (!wrong.open) wrong.showModal();
  };

  const swapStyles = (before, now) => {
    const links = [...document.querySelectorAll('link[rel~="stylesheet" i]')];
    now.forEach(([href, look], index) => {
      if (before[index]?.[0] === href && before[index]?.[1] === look) return;
      const old = links[index];
      const fresh = old.cloneNode();
      fresh.href = `${href}${href.includes('?') ? '&' : '?'}anslag=${look}`;
      // The old one stays until the new one is there, so that the page is never without.
      fresh.addEventListener('load', () => old.remove());
      old.after(fresh);
    });
  };

  // Where the reader is to be, while fonts and pictures that are still to come may move it.
  let awaited = null;

  const reload = (isLate = false) => {
    const { x, y } = awaited ?? { x: scrollX, y: scrollY };
    sessionStorage.setItem(place, JSON.stringify({ page: location.pathname, x, y, isLate }));
    location.reload();
  };

  const goTo = ({ x, y }) => scrollTo({ left: x, top: y, behavior: 'instant' });

  const bringBack = (where) => {
    history.scrollRestoration = 'manual';
    awaited = where;
    goTo(where);
    // Who moves on is let be.
    const forget = () => (awaited = null);
    for (const name of ['wheel', 'keydown', 'pointerdown', 'touchstart']) addEventListener(name, forget, { once: true, passive: true });
    addEventListener('load', async () => {
      await document.fonts.ready;
      if (awaited) goTo(awaited);
      forget();
      // Who comes back to the page later is brought back by the browser.
      history.scrollRestoration = 'auto';
    });
  };

  const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null');
  sessionStorage.removeItem(place);
  if (kept?.page === location.pathname) bringBack(kept);

  // The page may have changed between being sent and being told of. Once is enough: who answers twice alike means it.
  const sent = document.currentScript.dataset.page;
  const isLate = (view) => sent && !view.wrong && view.page !== sent && !(kept?.page === location.pathname && kept.isLate);

  let before = null;
  const take = (view) => {
    const say = view.language.startsWith('sv') ? words.sv : words.en;
    const was = before;
    before = view;
    if (!was && isLate(view)) {
      reload(true);
      return;
    }
    if (was && !view.wrong) {
      const goes = view.written && view.written[0] !== was.written?.[0] && view.written[1] !== location.pathname;
      if (goes) {
        location.assign(view.written[1]);
        return;
      }
      if (view.page !== was.page || view.styles.length !== was.styles.length) {
        reload();
        return;
      }
      swapStyles(was.styles, view.styles);
    }
    if (!was || was.time !== view.time || was.language !== view.language) showBar(view, say);
    showWrong(view, say);
  };

  const page = decodeURIComponent(location.pathname);
  new EventSource(`/_anslag/events?page=${encodeURIComponent(page)}`).onmessage = (event) => take(JSON.parse(event.data));
})();
