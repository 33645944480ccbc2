// The HTML report in headless Chromium: hostile text stays text, nothing is requested, axe-core finds
// nothing serious, and a large report opens fast. Prints one JSON object; the caller judges it.
// Usage: node html_proof.mjs NODE_MODULES CHROMIUM OUT_DIRECTORY HOSTILE.html LARGE.html
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const [modules, chromium, out, hostile, large] = process.argv.slice(2);
const require = createRequire(modules + '/');
const playwright = require(modules + '/playwright-core');
const axeSource = require(modules + '/axe-core').source;

const browser = await playwright.chromium.launch({executablePath: chromium, args: ['--no-sandbox']});
const answer = {requests: [], dialogs: [], complaints: [], serious: [], foreign: {}, load: {}};

const open = async (file, options = {}) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  page.on('request', request => { if (request.url() !== url) answer.requests.push(request.url()); });
  page.on('dialog', dialog => { answer.dialogs.push(dialog.message()); dialog.dismiss(); });
  page.on('console', line => { if (line.type() === 'error') answer.complaints.push(line.text()); });
  page.on('pageerror', error => answer.complaints.push(String(error)));
  const start = performance.now();
  await page.goto(url, {waitUntil: 'load'});
  return {context, page, milliseconds: performance.now() - start};
};

const views = [
  {name: 'phone', viewport: {width: 390, height: 844}, isMobile: true},
  {name: 'desk', viewport: {width: 1440, height: 900}},
  {name: 'desk-dark', viewport: {width: 1440, height: 900}, colorScheme: 'dark'},
  {name: 'plain', viewport: {width: 1440, height: 900}, javaScriptEnabled: false},
];
for (const {name, ...options} of views) {
  const {context, page} = await open(hostile, options);
  await page.screenshot({path: `${out}/${name}.png`, fullPage: true});
  if (options.javaScriptEnabled !== false) {
    answer.foreign[name] = await page.evaluate(() => ({
      elements: document.querySelectorAll('img,iframe,object,embed,link,base,video,audio').length,
      scripts: document.scripts.length,
      links: [...document.querySelectorAll('a')].filter(a => !a.getAttribute('href').startsWith('#')).length,
      handlers: [...document.querySelectorAll('*')].filter(
          e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
      wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    }));
    // Through the debugger: the page's own policy lets no other script in.
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => axe.run());
    for (const violation of found.violations)
      if (['serious', 'critical'].includes(violation.impact))
        answer.serious.push(`${name}: ${violation.id}: ${violation.nodes[0].html.slice(0, 120)}`);
  }
  await context.close();
}

{
  const {context, page, milliseconds} = await open(large, {viewport: {width: 1440, height: 900}});
  answer.load.milliseconds = milliseconds;
  // On a busy machine the page is loaded before it is painted. The time of the paint is only told, so
  // that a browser which paints nothing must not hold the proof up.
  await page.waitForFunction(() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0 &&
      performance.getEntriesByName('first-contentful-paint').length > 0, null, {timeout: 20000})
      .catch(() => {});
  Object.assign(answer.load, await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation');
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return {interactive: entry.domInteractive, loaded: entry.loadEventEnd,
            painted: paint ? paint.startTime : null,
            findings: document.querySelectorAll('[data-finding]').length +
                [...document.querySelectorAll('.rest')].reduce((n, r) => n + Number(r.dataset.rows), 0)};
  }));
  const start = performance.now();
  await page.fill('#search', 'shop7');
  await page.waitForFunction(() => document.getElementById('shown').textContent !== '');
  answer.load.search = performance.now() - start;
  answer.load.shown = await page.textContent('#shown');
  await context.close();
}
await browser.close();
console.log(JSON.stringify(answer));
