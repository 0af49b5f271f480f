import { whyNotOperate } from './actions.js';
import { api } from './api.js';
import { h } from './dom.js';
import { section, table } from './parts.js';
import { formatMoment } from './time.js';

/** @typedef {import('../../shared/model/page-answers.ts').QueueAnswer} Queue */
/** @typedef {import('../../shared/model/page-answers.ts').MeAnswer} Me */

/** Requests that wait, and the messages that could not be processed. @returns {import('./view.js').View<Queue>} */
export function queueView() {
  return {
    title: 'Queue',
    every: () => 5,
    load: (signal) => api.queue(signal),
    render: (queue, me) =>
      h(
        'div',
        { 'data-key': 'queue' },
        h('h1', {}, 'Queue'),
        section('queued', 'Queued', queuedTable(queue)),
        section('poison', 'Poison messages', poisonTable(queue, me)),
      ),
    news: (before, after) =>
      after.poison.length > before.poison.length ? 'A message could not be processed.' : undefined,
  };
}

/** @param {Queue} queue */
function queuedTable({ queued }) {
  if (queued.length === 0) return h('p', { class: 'quiet' }, 'Nothing is queued.');
  return table(
    'Queued requests',
    ['VM', 'Queued since', 'Reason'],
    queued.map(({ vmId, vm, since, reason }) => ({
      key: vmId,
      cells: [
        h('div', {}, vm.name, h('div', { class: 'quiet' }, vm.resourceGroup)),
        formatMoment(since),
        reason,
      ],
    })),
  );
}

/** @param {Queue} queue @param {Me} me */
function poisonTable({ poison }, me) {
  if (poison.length === 0) return h('p', { class: 'quiet' }, 'No poison messages.');
  const why = whyNotOperate(me);
  return [
    why !== undefined && h('p', { class: 'quiet', id: 'why-not-requeue' }, why),
    table(
      'Messages that could not be processed',
      ['Message', 'When', 'Reason', 'What to do', 'Action'],
      poison.map((message) => ({
        key: message.id,
        cells: [
          h(
            'div',
            {},
            message.vm?.name ?? `Unreadable, ${message.bytes} bytes`,
            h('div', { class: 'quiet' }, message.queue),
          ),
          formatMoment(message.at),
          h('div', {}, h('strong', {}, message.problem.code), ' ', message.problem.message),
          message.problem.next,
          message.canRequeue &&
            h(
              'button',
              {
                type: 'button',
                'data-action': 'requeue',
                'data-message': message.id,
                disabled: why !== undefined,
                'aria-describedby': why === undefined ? undefined : 'why-not-requeue',
              },
              'Put back…',
              h('span', { class: 'unseen' }, ` (${message.vm?.name ?? message.id})`),
            ),
        ],
      })),
    ),
  ];
}
