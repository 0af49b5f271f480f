import { answer, cancel, requeue, rollBack } from './actions.js';
import { announce } from './announce.js';
import { api, Refusal } from './api.js';
import { h, morph } from './dom.js';
import { fleetView } from './fleet.js';
import { note } from './parts.js';
import { queueView } from './queue.js';
import { isWhole, remediationView } from './remediation.js';
import { showShell } from './shell.js';
import { signIn, signInView } from './sign-in.js';

/** What runs the page: one view at a time, asked for again and again while somebody looks. */

/** @typedef {import('../../shared/model/page-answers.ts').MeAnswer} Me */
/** @typedef {import('./view.js').View<any>} AnyView */

/** How long is waited after an answer that failed: longer each time, in seconds. */
const RETRIES = [2, 4, 8, 15, 30];
/** Between two redraws of what is known, in milliseconds: times that run. */
const TICK = 1000;
/** How long what is known of who has signed in counts, in milliseconds. */
const KNOWN_FOR = 60_000;

/** @type {Me | undefined} */
let me;
/** @type {AnyView} */
let view = viewOf();
/** What the view has been told last. @type {any} */
let data;
let paused = false;
/** When it was last asked who has signed in, and whether the kill switch is on. */
let knownAt = 0;
let failures = 0;
let timer = 0;
let asking = new AbortController();

/** @returns {AnyView} */
function viewOf() {
  const [path = '', query = ''] = location.hash.replace(/^#/, '').split('?');
  const [, id] = /^\/remediations\/([a-z0-9-]+)$/.exec(path) ?? [];
  if (id !== undefined) return remediationView(id);
  return path === '/queue' ? queueView() : fleetView(new URLSearchParams(query));
}

/** @param {Element} content */
function show(content) {
  const main = document.getElementById('main');
  if (main === null) return;
  const wanted = h('main', { id: 'main', tabindex: '-1' }, content);
  morph(main, wanted);
}

function draw() {
  showShell({ me, view: view.title, link: paused ? 'paused' : failures > 0 ? 'offline' : 'live' });
  if (!me?.caller || data === undefined) return;
  const banner =
    !me.accepting &&
    note(
      'warn',
      h(
        'p',
        {},
        h('strong', {}, 'The kill switch is on. '),
        'No new remediation starts, and running ones stop at their next safe point.',
      ),
    );
  show(h('div', {}, banner, view.render(data, me)));
}

/** Asks once, shows what comes, and sees to the next time. */
async function look() {
  window.clearTimeout(timer);
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const told = await view.load(signal);
    if (Date.now() - knownAt > KNOWN_FOR) await know();
    if (signal.aborted) return;
    const said = data === undefined ? undefined : view.news(data, told);
    if (said !== undefined) announce(said);
    data = told;
    failures = 0;
    draw();
    again(view.every(told));
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Refusal)) {
      again(RETRIES.at(-1) ?? TICK);
      throw error;
    }
    if (error.status === 401 || error.status === 403)
      return void (await stranger('Your session has expired. Sign in again.'));
    failures = error.status === 404 ? 0 : failures + 1;
    draw();
    if (error.status === 404 || data === undefined)
      show(
        h(
          'div',
          { 'data-key': 'refusal' },
          h('h1', {}, error.status === 404 ? 'Not found' : 'No response'),
          note('bad', h('p', {}, error.message, ' ', error.next)),
          h('p', {}, h('a', { href: '#/' }, '« Fleet')),
        ),
      );
    again(RETRIES[Math.min(failures, RETRIES.length) - 1] ?? 30);
  }
}

/** @param {number} seconds */
function again(seconds) {
  window.clearTimeout(timer);
  if (!paused && !document.hidden) timer = window.setTimeout(() => void look(), seconds * 1000);
}

async function know() {
  me = await api.me();
  knownAt = Date.now();
}

/** Shows how to sign in, unless somebody has. @param {string} why */
async function stranger(why) {
  window.clearTimeout(timer);
  asking.abort();
  data = undefined;
  try {
    await know();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    show(note('bad', h('p', {}, error.message, ' Retrying in a moment.')));
    timer = window.setTimeout(() => void stranger(why), 5000);
    return;
  }
  draw();
  if (me?.caller) await look();
  else if (me) show(signInView(me, why));
}

/** Goes where the address says, and puts a keyboard there. */
async function go() {
  const { title } = view;
  view = viewOf();
  data = undefined;
  if (!me?.caller) return;
  draw();
  await look();
  // Filters of the same list leave a person where he is, and say what they found.
  const found = title === view.title && data !== undefined ? view.found?.(data) : undefined;
  if (found !== undefined) return announce(found);
  const heading = document.querySelector('main h1');
  if (heading instanceof HTMLElement) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  window.scrollTo(0, 0);
}

/** Does what a person pressed, says how it went, and looks again. @param {Promise<string | undefined> | undefined} deed */
async function after(deed) {
  const said = await deed;
  if (said !== undefined) announce(said);
  await look();
}

/** @type {Readonly<Record<string, (pressed: HTMLElement, me: Me) => Promise<unknown> | undefined>>} */
const ACTIONS = {
  approve: (_pressed, who) => (isWhole(data) ? after(answer(data, who, true)) : undefined),
  refuse: (_pressed, who) => (isWhole(data) ? after(answer(data, who, false)) : undefined),
  cancel: (_pressed, who) => (isWhole(data) ? after(cancel(data, who)) : undefined),
  'roll-back': (_pressed, who) =>
    isWhole(data) ? after(rollBack(data, who, (id) => (location.hash = `#/remediations/${id}`))) : undefined,
  requeue: ({ dataset }, who) => {
    const message = data.poison.find((/** @type {{ id: string }} */ { id }) => id === dataset['message']);
    return message && after(requeue(message, who));
  },
  copy: async (pressed) => {
    try {
      await navigator.clipboard.writeText(pressed.dataset['text'] ?? '');
      announce('Copied.');
      pressed.textContent = 'Copied';
    } catch {
      announce('The browser does not allow copying here. Select the text instead.');
    }
  },
  pause: () => {
    paused = !paused;
    announce(paused ? 'Updates are paused.' : 'Updates have resumed.');
    draw();
    return paused ? undefined : look();
  },
  'sign-out': async () => {
    window.clearTimeout(timer);
    await api.signOut();
    await stranger('You have signed out.');
  },
};

document.addEventListener('click', (event) => {
  const pressed = event.target instanceof Element ? event.target.closest('[data-action]') : null;
  if (pressed instanceof HTMLElement && me) void ACTIONS[pressed.dataset['action'] ?? '']?.(pressed, me);
});

document.addEventListener('submit', (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  event.preventDefault();
  const { form } = event.target.dataset;
  if (form === 'filters') {
    const given = [...new FormData(event.target)].flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value]] : [],
    );
    location.hash = `#/?${new URLSearchParams(given).toString()}`;
  }
  if (form === 'sign-in') void signIn(event.target).then((done) => (done ? stranger('') : undefined));
});

window.addEventListener('hashchange', () => void go());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !paused && me?.caller) void look();
});
window.setInterval(() => {
  if (!paused && !document.hidden) draw();
}, TICK);

draw();
await stranger('');
