import { api, Refusal } from './api.js';
import { h } from './dom.js';
import { note } from './parts.js';

/** @typedef {import('../../shared/model/page-answers.ts').MeAnswer} Me */

/**
 * What is shown to who has not signed in.
 * @param {Me} me
 * @param {string} why it is asked for again; empty at first
 */
export function signInView(me, why) {
  return h(
    'div',
    { class: 'sign-in', 'data-key': 'sign-in' },
    h('h1', {}, 'Sign in to RDP Medic'),
    why === '' ? null : note('warn', h('p', {}, why)),
    me.open
      ? null
      : note(
          'bad',
          h(
            'p',
            {},
            'This service accepts no requests because one of its settings is invalid. The app log names the setting.',
          ),
        ),
    waysOf(me),
  );
}

/** @param {Me} me */
function waysOf({ signIn, stranger }) {
  if (signIn === 'not-set-up')
    return note(
      'warn',
      h(
        'p',
        {},
        'Signing in to this page with a key is not set up: set ',
        h('code', {}, 'RDP_MEDIC_SESSION_SECRET'),
        ' to 32 random characters or more, or use Entra ID.',
      ),
    );
  if (signIn === 'entra') return entraWay(stranger === 'without-role');
  return h(
    'form',
    { 'data-form': 'sign-in', novalidate: true },
    h('label', { for: 'key' }, 'Function key'),
    h('input', {
      id: 'key',
      name: 'key',
      type: 'password',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-describedby': 'key-hint',
      'aria-required': 'true',
    }),
    h(
      'p',
      { class: 'hint', id: 'key-hint' },
      'Find it in the Azure portal: function app > App keys. It is exchanged for a session that expires after an hour of inactivity. The key is not stored.',
    ),
    h('div', { class: 'problem', role: 'alert', id: 'sign-in-problem' }),
    h('button', { type: 'submit', class: 'primary' }, 'Sign in'),
  );
}

/** @param {boolean} isWithoutRole */
function entraWay(isWithoutRole) {
  return isWithoutRole
    ? note(
        'warn',
        h(
          'p',
          {},
          'You are signed in, but do not have any of the roles Request, Approve or Operate. Ask the owner of this service to assign one to you in Entra ID.',
        ),
        h(
          'p',
          {},
          h('a', { href: '/.auth/logout?post_logout_redirect_uri=/' }, 'Sign in as a different user'),
        ),
      )
    : h(
        'p',
        {},
        h(
          'a',
          { class: 'button primary', href: '/.auth/login/aad?post_login_redirect_uri=/' },
          'Sign in with Microsoft',
        ),
      );
}

/**
 * Exchanges the key of the form for a session. Gives back whether that went well; otherwise the form says why not.
 * @param {HTMLFormElement} form
 */
export async function signIn(form) {
  const input = form.elements.namedItem('key');
  const problem = form.querySelector('.problem');
  if (!(input instanceof HTMLInputElement) || problem === null) return false;
  try {
    if (input.value.trim() === '') throw new Refusal(401, { detail: 'Enter the function key.' });
    await api.signIn(input.value.trim());
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problem.textContent =
      error.status === 401 && error.code === '' && input.value !== ''
        ? 'The key is wrong.'
        : `${error.message} ${error.next}`;
    input.focus();
    return false;
  }
}
