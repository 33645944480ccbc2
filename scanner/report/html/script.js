'use strict';
// Filter and sort what the page already holds; without this script everything is simply shown. Beyond
// the articles, findings are lines of text: "severity, tab, rule" above the "rank, tab, place" of each,
// the places below one directory. Once filtered or sorted, each line says it all.
(() => {
  const controls = document.getElementById('controls');
  if (!controls) return;
  const search = document.getElementById('search');
  const severity = document.getElementById('severity');
  const sort = document.getElementById('sort');
  const shown = document.getElementById('shown');
  const names = ['info', 'low', 'medium', 'high', 'critical'];
  const rowsInBlock = 500;
  const readRows = (text, directory) => {
    const rows = [];
    let name = '';
    let rule = '';
    for (const line of text.split('\n')) {
      const tab = line.indexOf('\t');
      if (tab < 0) continue;
      const first = line.slice(0, tab);
      const second = line.slice(tab + 1);
      if (names.includes(first)) {
        name = first;
        rule = second;
        continue;
      }
      const path = directory + second;
      const whole = name + '\t' + first + '\t' + path + '\t' + rule;
      rows.push({line: whole, text: whole.toLowerCase(), severity: names.indexOf(name),
                 rank: Number(first), path});
    }
    return rows;
  };
  const readArticle = element => ({
    element,
    get text() { return this.known ??= element.textContent.toLowerCase(); },
    severity: Number(element.dataset.severity),
    rank: Number(element.dataset.rank),
    path: element.dataset.path,
  });
  const groups = [...document.querySelectorAll('.group')].map(element => ({
    element,
    rest: element.querySelector('.rest'),
    articles: [...element.querySelectorAll('[data-finding]')].map(readArticle),
    rows: null,
  }));
  const rowsOf = group => group.rows ??= !group.rest ? [] :
      [...group.rest.querySelectorAll('.rows')]
          .flatMap(block => readRows(block.textContent, group.rest.dataset.directory || ''));
  const orders = {
    rank: (a, b) => b.rank - a.rank,
    severity: (a, b) => b.severity - a.severity || b.rank - a.rank,
    path: (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  };
  const writeRows = (group, rows) => {
    for (const block of group.rest.querySelectorAll('.rows')) block.remove();
    for (let at = 0; at < rows.length; at += rowsInBlock) {
      const block = document.createElement('pre');
      block.className = 'rows';
      block.textContent = rows.slice(at, at + rowsInBlock).map(row => row.line).join('\n') + '\n';
      group.rest.append(block);
    }
    group.rest.querySelector('summary').textContent =
        rows.length + (rows.length === 1 ? ' more finding' : ' more findings');
    const note = group.rest.querySelector('.place');
    if (note) note.hidden = true;
    group.rest.hidden = rows.length === 0;
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const least = Number(severity.value);
    const fits = item => item.severity >= least && words.every(word => item.text.includes(word));
    let visible = 0;
    let total = 0;
    for (const group of groups) {
      let inGroup = 0;
      for (const article of group.articles) {
        const isShown = fits(article);
        if (article.element.hidden === isShown) article.element.hidden = !isShown;
        if (isShown) ++inGroup;
      }
      const rows = rowsOf(group);
      const fitting = rows.filter(fits);
      if (group.rest) writeRows(group, fitting);
      group.element.hidden = inGroup + fitting.length === 0;
      visible += inGroup + fitting.length;
      total += group.articles.length + rows.length;
    }
    shown.textContent = visible + ' of ' + total + ' shown';
  };
  const reorder = () => {
    const order = orders[sort.value];
    for (const group of groups) {
      group.articles.sort(order);
      for (const {element} of group.articles) group.element.insertBefore(element, group.rest);
      rowsOf(group).sort(order);
    }
    filter();
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
