import { h, morph } from './dom.js';

/** @typedef {import('../../shared/model/page-answers.ts').MeAnswer} Me */

/**
 * @typedef {object} Standing how the page itself stands
 * @property {Me | undefined} me
 * @property {string} view
 * @property {'live' | 'paused' | 'offline'} link
 */

const LINKS = {
  live: 'Live',
  paused: 'Paused',
  offline: 'No connection, retrying',
};

/** Shows the head of the page: where one is, whether it is live, who has signed in. @param {Standing} standing */
export function showShell({ me, view, link }) {
  const head = document.getElementById('shell');
  if (head === null) return;
  const caller = me?.caller;
  morph(
    head,
    h(
      'header',
      { id: 'shell' },
      h(
        'a',
        { class: 'brand', href: '#/' },
        h('img', { src: '/page/assets/icon.svg', alt: '', width: 24, height: 24 }),
        'RDP Medic',
      ),
      caller &&
        h(
          'nav',
          { 'aria-label': 'Views' },
          h('a', { href: '#/', 'aria-current': view === 'Fleet' ? 'page' : undefined }, 'Fleet'),
          h('a', { href: '#/queue', 'aria-current': view === 'Queue' ? 'page' : undefined }, 'Queue'),
        ),
      h('div', { class: 'spring' }),
      caller && h('span', { class: `link ${link}` }, LINKS[link]),
      caller &&
        h(
          'button',
          { type: 'button', 'data-action': 'pause', 'aria-pressed': String(link === 'paused') },
          'Pause updates',
        ),
      caller?.name !== undefined && h('span', { class: 'quiet' }, caller.name),
      caller &&
        (me.signIn === 'entra'
          ? h('a', { href: '/.auth/logout?post_logout_redirect_uri=/' }, 'Sign out')
          : h('button', { type: 'button', 'data-action': 'sign-out' }, 'Sign out')),
    ),
  );
  document.title = caller ? `${view} · RDP Medic` : 'RDP Medic';
}
