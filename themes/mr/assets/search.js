// The site's own search: looks through the index in the browser; nobody is told what is sought.
(() => {
  const form = document.querySelector('[data-index]'), say = form.dataset, { q, section } = form.elements;
  const state = document.querySelector('[role=status]'), hits = document.querySelector('.search-hits');
  const most = 100;

  // å, ä and ö are letters, other accents are not. `bare` is for those who cannot type them.
  const fold = text => text.toLowerCase().normalize('NFC')
    .replace(/[^\0-\x7fåäö]/g, sign => sign.normalize('NFD').replace(/\p{M}/gu, ''));
  const words = text => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const forms = text => {
    const plain = ` ${words(text).join(' ')} `;
    return { plain, bare: plain.replace(/[åäöæø]/g, letter => 'aaoao'['åäöæø'.indexOf(letter)]) };
  };
  const prepare = entry => ({
    entry,
    title: forms(entry.heading),
    rest: forms([entry.summary, entry.text, entry.kind, entry.date, entry.place,
      ...(entry.badges || []).map(badge => badge.words)].join(' ')),
  });

  // Whole words, beginnings, letters as typed and titles count most. Short words are not sought in others, as `skl`
  // would be in `mänskliga`.
  const points = ({ plain, bare }, word) => [` ${word} `, ' ' + word, word.length > 3 ? word : ' ' + word]
    .flatMap(part => [plain, bare].filter(text => text.includes(part))).length;
  const score = (found, asked) => {
    const gained = asked.map(word => points(found.title, word) * 100 || points(found.rest, word));
    return gained.every(Boolean) && gained.reduce((sum, one) => sum + one);
  };

  const make = (name, kind, ...inside) => {
    const element = document.createElement(name);
    element.className = kind;
    element.append(...inside);
    return element;
  };
  const card = ({ url, lang, heading, badges = [], kind, date, place, summary = '' }) => {
    const link = make('a', '', heading), text = make('p', 'card-summary', summary);
    link.href = url;
    if (lang) link.lang = link.hreflang = text.lang = lang;
    const states = badges.map(badge => make('li', '', make('span', 'badge state-' + badge.kind, badge.words)));
    const facts = [kind, date, place].filter(Boolean).flatMap(fact => [make('span', 'card-fact', fact), ' ']);
    return make('li', 'card', make('div', 'card-text', make('h2', 'card-title', link),
      ...states.length ? [make('ul', 'badges', ...states)] : [], make('p', 'card-facts', ...facts), summary && text));
  };

  let index;
  const load = () => index ||= fetch(say.index).then(answer => answer.json())
    .then(entries => entries.map(prepare)).catch(() => index = null);

  const search = async () => {
    const asked = words(q.value), all = asked.length ? await load() : [];
    if (asked.join() !== words(q.value).join()) return;
    const found = (all || []).filter(({ entry }) => !section.value || entry.section === section.value)
      .map(found => [score(found, asked), found.entry]).filter(([sum]) => sum)
      .sort(([one], [other]) => other - one);
    const count = found.length, text = !asked.length ? 'start' : !all ? 'failed' : !count ? 'none' : count === 1 ? 'one'
      : count > most ? 'first' : 'many';
    hits.replaceChildren(...found.slice(0, most).map(([, entry]) => card(entry)));
    state.textContent = say[text].replace('{number}', count).replace('{shown}', most);
  };

  // Keeps the address in step.
  const changed = () => {
    const asked = new URLSearchParams();
    for (const { name, value } of [q, section]) if (value) asked.set(name, value);
    history.replaceState(null, '', location.pathname + (`${asked}` && '?' + asked));
    search();
  };

  const asked = new URLSearchParams(location.search);
  q.value = asked.get('q');
  section.value = asked.get('section');
  if (section.selectedIndex < 0) section.value = '';
  let timer;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(changed, 300); });
  form.addEventListener('submit', event => { event.preventDefault(); clearTimeout(timer); changed(); });
  search();
})();
