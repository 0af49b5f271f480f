import { h } from './dom.js';
import { OUTCOMES } from './words.js';

/** The filters that stand in the address of the page. */
const FILTERS = ['text', 'state', 'outcome', 'subscription', 'after'];

/** What the service is asked for by the address of the page. @param {URLSearchParams} query @param {number} limit */
export function filtersOf(query, limit) {
  const asked = new URLSearchParams({ limit: String(limit) });
  for (const name of FILTERS) {
    const value = query.get(name)?.trim() ?? '';
    if (value !== '') asked.set(name, value);
  }
  return asked;
}

/**
 * The filters of the list; applied, they stand in the address of the page.
 * @param {URLSearchParams} query @param {import('../../shared/model/page-answers.ts').CountsAnswer} counts
 */
export function filterForm(query, { subscriptions }) {
  const ids = subscriptions.map(({ subscriptionId }) => subscriptionId);
  return h(
    'form',
    {
      class: 'filters',
      role: 'search',
      'data-form': 'filters',
      'data-key': `filters-${query.toString()}`,
      novalidate: true,
    },
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'text' }, 'Search'),
      h('input', {
        id: 'text',
        name: 'text',
        type: 'search',
        value: query.get('text') ?? '',
        placeholder: 'VM, resource group or id',
      }),
    ),
    select('state', 'State', query, [
      ['', 'Any'],
      ['running', 'Running'],
      ['ended', 'Ended'],
    ]),
    select('outcome', 'Outcome', query, [
      ['', 'Any'],
      ...Object.entries(OUTCOMES).map(([kind, { text }]) => /** @type {const} */ ([kind, text])),
    ]),
    select('subscription', 'Subscription', query, [
      ['', 'Any'],
      ...ids.map((id) => /** @type {const} */ ([id, id])),
    ]),
    h(
      'div',
      { class: 'field' },
      h('button', { type: 'submit' }, 'Apply'),
      ' ',
      h('a', { href: '#/' }, 'Clear'),
    ),
  );
}

/** @param {string} name @param {string} label @param {URLSearchParams} query @param {readonly (readonly [string, string])[]} options */
function select(name, label, query, options) {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: name }, label),
    h(
      'select',
      { id: name, name },
      options.map(([value, text]) =>
        h('option', { value, selected: (query.get(name) ?? '') === value }, text),
      ),
    ),
  );
}
