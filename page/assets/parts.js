import { h, s } from './dom.js';
import { told } from './time.js';
import { TOOLS } from './words.js';

/** Small parts that every view is made of. */

/** @typedef {import('./words.js').Label} Label */
/** @typedef {import('./dom.js').Child} Child */

/** Signs that tell tones apart without colour. */
const SIGNS = { good: '✓', warn: '!', bad: '✕', plain: '', busy: '' };

/** @param {Label} label */
export function badge({ text, tone }) {
  const sign = SIGNS[tone];
  return h(
    'span',
    { class: `badge ${tone}` },
    tone === 'busy' ? h('span', { class: 'pulse', 'aria-hidden': 'true' }) : null,
    sign === '' ? null : h('span', { 'aria-hidden': 'true' }, `${sign} `),
    text,
  );
}

/**
 * A section under a heading.
 * @param {string} id
 * @param {string} title
 * @param {...Child} children
 */
export function section(id, title, ...children) {
  return h(
    'section',
    { 'aria-labelledby': `${id}-title`, id, 'data-key': id },
    h('h2', { id: `${id}-title` }, title),
    ...children,
  );
}

/**
 * A message that stands out; `what` is `bad`, `warn` or `plain`.
 * @param {'bad' | 'warn' | 'plain'} what
 * @param {...Child} children
 */
export function note(what, ...children) {
  return h('div', { class: `note ${what}` }, ...children);
}

/**
 * A table whose cells name their column, so that a phone can show each row as a card.
 * @param {string} caption
 * @param {readonly string[]} columns
 * @param {readonly { key: string, cells: readonly Child[] }[]} rows
 */
export function table(caption, columns, rows) {
  // The roles again: a phone shows rows as cards, and with `display` browsers drop what a table is.
  return h(
    'table',
    { class: 'cards', role: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map((column) => h('th', { scope: 'col', role: 'columnheader' }, column)),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map(({ key, cells }) =>
        h(
          'tr',
          { 'data-key': key, role: 'row' },
          cells.map((cell, index) => h('td', { 'data-label': columns[index] ?? '', role: 'cell' }, cell)),
        ),
      ),
    ),
  );
}

/**
 * Names and what belongs to each; those without a value are left out.
 * @param {readonly (readonly [string, Child])[]} pairs
 */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== null && value !== false);
  return h(
    'dl',
    { class: 'facts' },
    shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/**
 * Something to press; what it does stands in `data-action`.
 * @param {string} text
 * @param {string} action
 * @param {import('./dom.js').Attributes} [attributes]
 */
export function button(text, action, attributes = {}) {
  return h(
    'button',
    { type: 'button', 'data-action': action, 'data-key': `action-${action}`, ...attributes },
    text,
  );
}

/** @param {readonly string[]} lines */
export function list(lines) {
  return h(
    'ul',
    {},
    lines.map((line) => h('li', {}, told(line))),
  );
}

/**
 * Commands to copy, under the tool that runs them.
 * @param {import('../../shared/model/commands.ts').Commands} commands
 */
export function commandsOf({ tool, lines }) {
  const text = lines.join('\n');
  return h(
    'figure',
    { class: 'commands' },
    h(
      'figcaption',
      {},
      TOOLS[tool],
      h(
        'button',
        {
          type: 'button',
          'data-action': 'copy',
          'data-text': text,
          'aria-label': `Copy the ${TOOLS[tool]} commands`,
        },
        'Copy',
      ),
    ),
    h('pre', { tabindex: '0', role: 'group', 'aria-label': TOOLS[tool] }, h('code', {}, text)),
  );
}

/** A mark for a step or a phase, drawn so that it prints in any colour scheme. @param {string} tone */
export function dot(tone) {
  return s(
    'svg',
    {
      class: `dot ${tone}`,
      viewBox: '0 0 16 16',
      width: 16,
      height: 16,
      'aria-hidden': 'true',
      focusable: 'false',
    },
    s('circle', { cx: 8, cy: 8, r: 6.5 }),
    tone === 'good' ? s('path', { d: 'M4.8 8.2l2.2 2.2 4.2-4.6' }) : null,
    tone === 'bad' ? s('path', { d: 'M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2' }) : null,
    tone === 'warn' ? s('path', { d: 'M8 4.4v4.4M8 11v.6' }) : null,
  );
}
