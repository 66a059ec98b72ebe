// Narrows the toolkit to a type without loading a page. Without it, the same links lead to pages of their own.
(() => {
  const filters = document.querySelector('.filters'), links = [...filters.querySelectorAll('a')], [all] = links;
  const state = document.querySelector('[role=status]'), heading = document.querySelector('h1');
  const crumbs = document.querySelector('.breadcrumbs ol');

  // The whole list: it is here already, or is fetched once.
  let whole = all.ariaCurrent && Promise.resolve();
  const load = () => whole ||= fetch(all.href).then(answer => answer.text()).then(text => {
    const page = new DOMParser().parseFromString(text, 'text/html');
    document.querySelector('.tools').replaceWith(page.querySelector('.tools'));
  });

  const crumb = ({ href, dataset }) => {
    const item = document.createElement('li'), link = document.createElement('a');
    link.href = href;
    link.textContent = dataset.title;
    item.append(link);
    return item;
  };

  const show = async chosen => {
    await load();
    const { type, title, count } = chosen.dataset, tools = document.querySelector('.tools');
    for (const group of tools.children) group.hidden = type && group.firstElementChild.id !== type;
    tools.classList.toggle('filtered', type);
    for (const link of links) link.ariaCurrent = link === chosen ? 'page' : null;
    document.title = document.title.replace(heading.textContent, title);
    heading.textContent = title;
    crumbs.replaceChildren(crumbs.firstElementChild, ...[...new Set([all, chosen])].map(crumb));
    crumbs.querySelector('li:last-child a').ariaCurrent = 'page';
    state.textContent = filters.dataset[count === '1' ? 'one' : 'many'].replace('{number}', count);
  };
  const at = () => links.find(link => link.pathname === location.pathname);

  filters.addEventListener('click', event => {
    const chosen = event.target.closest('a');
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(chosen).then(() => chosen === at() || history.pushState(null, '', chosen.href), () => location = chosen.href);
  });
  addEventListener('popstate', () => at() && !at().ariaCurrent && show(at()).catch(() => location.reload()));
})();
