'use strict';
// Filter and sort what the page already holds; without this script everything is simply shown.
(() => {
  const controls = document.getElementById('controls');
  if (!controls) return;
  const search = document.getElementById('search');
  const severity = document.getElementById('severity');
  const sort = document.getElementById('sort');
  const shown = document.getElementById('shown');
  const groups = [...document.querySelectorAll('.group')].map(element => ({
    element,
    lists: [element, ...element.querySelectorAll('.rows')].map(list => ({
      list,
      after: list === element ? element.querySelector('.rest') : null,
      items: [...list.children].filter(child => child.hasAttribute('data-finding')),
    })),
  }));
  const texts = new WeakMap();
  const textOf = item => {
    let text = texts.get(item);
    if (text === undefined) texts.set(item, text = item.textContent.toLowerCase());
    return text;
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const least = Number(severity.value);
    let visible = 0;
    let total = 0;
    for (const group of groups) {
      let inGroup = 0;
      for (const {items} of group.lists) {
        for (const item of items) {
          const fits = Number(item.dataset.severity) >= least &&
              words.every(word => textOf(item).includes(word));
          if (item.hidden === fits) item.hidden = !fits;
          if (fits) ++inGroup;
        }
        total += items.length;
      }
      group.element.hidden = inGroup === 0;
      visible += inGroup;
    }
    shown.textContent = visible + ' of ' + total + ' shown';
  };
  const orders = {
    rank: (a, b) => b.dataset.rank - a.dataset.rank,
    severity: (a, b) => b.dataset.severity - a.dataset.severity || b.dataset.rank - a.dataset.rank,
    path: (a, b) => (a.dataset.path < b.dataset.path ? -1 : a.dataset.path > b.dataset.path ? 1 : 0),
  };
  const reorder = () => {
    for (const group of groups) {
      for (const {list, after, items} of group.lists) {
        items.sort(orders[sort.value]);
        for (const item of items) list.insertBefore(item, after);
      }
    }
  };
  let pending = 0;
  search.addEventListener('input', () => {
    clearTimeout(pending);
    pending = setTimeout(filter, 120);
  });
  severity.addEventListener('change', filter);
  sort.addEventListener('change', reorder);
  controls.addEventListener('submit', event => event.preventDefault());
  controls.hidden = false;
})();
