import { api } from './api.js';
import { chartOfDays } from './chart.js';
import { h } from './dom.js';
import { filterForm, filtersOf } from './filters.js';
import { badge, note, section, table } from './parts.js';
import { formatMoment, formatSpan } from './time.js';
import { countOf, GROUPS, statusOf } from './words.js';

/** @typedef {import('../../shared/model/page-answers.ts').CountsAnswer} Counts */
/** @typedef {import('../../shared/model/page-answers.ts').QueueAnswer} Queue */
/**
 * @typedef {object} Line
 * @property {string} id
 * @property {{ name: string, resourceGroup: string, subscriptionId: string }} vm
 * @property {string} phase
 * @property {string} [outcome]
 * @property {string} startedAt
 * @property {string} [endedAt]
 * @property {string} [step]
 * @property {boolean} [lost]
 */
/** @typedef {{ counts: Counts, queue: Queue, running: Line[], list: { remediations: Line[], total: number, next?: string } }} Fleet */

const DAYS = 30;
const PAGE = 25;
/** How long counts are shown before they are asked for again, in milliseconds. */
const COUNTS_FOR = 15_000;
/** Everything that runs is shown, however it is filtered below: nobody is to overlook a VM that is down. */
const MOST_RUNNING = 100;

/**
 * The whole fleet: what runs now, what has ended, how it went over time.
 * @param {URLSearchParams} query filters
 * @returns {import('./view.js').View<Fleet>}
 */
export function fleetView(query) {
  /** @type {Counts | undefined} */
  let counted;
  let countedAt = 0;
  /** Counts go through all there are: they are asked for seldom. @param {AbortSignal} signal @returns {Promise<Counts>} */
  const countsOf = async (signal) => {
    if (counted !== undefined && Date.now() - countedAt < COUNTS_FOR) return counted;
    const told = /** @type {Counts} */ (await api.counts(DAYS, signal));
    counted = told;
    countedAt = Date.now();
    return told;
  };
  return {
    title: 'Fleet',
    every: () => 4,
    async load(signal) {
      const [counts, queue, running, list] = await Promise.all([
        countsOf(signal),
        api.queue(signal),
        api.list(new URLSearchParams({ state: 'running', limit: String(MOST_RUNNING) }), signal),
        api.list(filtersOf(query, PAGE), signal),
      ]);
      return { counts, queue, running: running.remediations, list };
    },
    render: (fleet) =>
      h(
        'div',
        { 'data-key': 'fleet' },
        h('h1', {}, 'Fleet'),
        attention(fleet),
        figures(fleet),
        section('running', 'In progress', runningTable(fleet.running)),
        section('over-time', `Ended in the last ${DAYS} days`, chartOfDays(fleet.counts.days)),
        section('subscriptions', 'By subscription', subscriptionTable(fleet.counts)),
        section(
          'remediations',
          'All remediations',
          filterForm(query, fleet.counts),
          foundTable(fleet.list, query),
        ),
      ),
    found: ({ list: { total } }) => (total === 1 ? '1 remediation' : `${total} remediations`),
    news: newsOf,
  };
}

/** What waits for a person. @param {Fleet} fleet */
function attention({ running, queue }) {
  const waiting = running.filter(({ phase, lost }) => phase === 'approval' && !lost);
  const lost = running.filter((one) => one.lost);
  return [
    waiting.length > 0 &&
      note('warn', h('p', {}, h('strong', {}, 'Waiting for approval: '), linked(waiting))),
    lost.length > 0 &&
      note(
        'bad',
        h(
          'p',
          {},
          h('strong', {}, 'Interrupted: '),
          linked(lost),
          '. The watchdog takes over within ten minutes and undoes the changes.',
        ),
      ),
    queue.poison.length > 0 &&
      note(
        'warn',
        h(
          'p',
          {},
          h(
            'a',
            { href: '#/queue' },
            `${queue.poison.length} poison message${queue.poison.length === 1 ? '' : 's'}`,
          ),
          ' could not be processed.',
        ),
      ),
  ];
}

/** @param {readonly Line[]} lines */
function linked(lines) {
  return lines.flatMap((line, index) => [index === 0 ? '' : ', ', linkTo(line)]);
}

/** @param {Line} line */
function linkTo({ id, vm }) {
  return h('a', { href: `#/remediations/${id}` }, vm.name);
}

/** @param {Fleet} fleet */
function figures({ counts, queue, running }) {
  const waiting = running.filter(({ phase }) => phase === 'approval').length;
  const shown = [
    { name: 'Running', value: running.length - waiting, tone: 'busy' },
    { name: 'Waiting for approval', value: waiting, tone: 'warn' },
    { name: 'Queued', value: queue.queued.length, tone: 'plain' },
    ...GROUPS.map((group) => ({
      name: group.text,
      value: countOf(counts.outcomes, group),
      tone: group.tone,
    })),
    { name: 'Poison messages', value: queue.poison.length, tone: 'bad' },
  ];
  return h(
    'dl',
    { class: 'figures' },
    shown.map(({ name, value, tone }) =>
      h(
        'div',
        { class: value === 0 ? 'none' : tone, 'data-key': name },
        h('dt', {}, name),
        h('dd', {}, value),
      ),
    ),
  );
}

/** @param {readonly Line[]} running */
function runningTable(running) {
  if (running.length === 0) return h('p', { class: 'quiet' }, 'Nothing is running.');
  return table(
    'Remediations in progress',
    ['VM', 'Status', 'Current step', 'Started', 'Running for'],
    running.map((line) => ({
      key: line.id,
      cells: [
        nameOf(line),
        badge(statusOf(line)),
        line.step ?? '',
        formatMoment(line.startedAt),
        formatSpan(line.startedAt),
      ],
    })),
  );
}

/** @param {{ remediations: readonly Line[], total: number, next?: string }} list @param {URLSearchParams} query */
function foundTable({ remediations, total, next }, query) {
  const further = new URLSearchParams(query);
  if (next !== undefined) further.set('after', next);
  const first = new URLSearchParams(query);
  first.delete('after');
  return [
    h('p', { class: 'quiet' }, total === 1 ? '1 remediation' : `${total} remediations`),
    remediations.length === 0
      ? h('p', {}, 'No remediation matches these filters.')
      : table(
          'Remediations, newest first',
          ['VM', 'Status', 'Started', 'Duration'],
          remediations.map((line) => ({
            key: line.id,
            cells: [
              nameOf(line),
              badge(statusOf(line)),
              formatMoment(line.startedAt),
              formatSpan(line.startedAt, line.endedAt),
            ],
          })),
        ),
    h(
      'nav',
      { class: 'pages', 'aria-label': 'Pages' },
      query.has('after') && h('a', { href: `#/?${first.toString()}` }, '« Newest'),
      next !== undefined && h('a', { href: `#/?${further.toString()}` }, 'Older »'),
    ),
  ];
}

/** @param {Line} line */
function nameOf(line) {
  return h('div', {}, linkTo(line), h('div', { class: 'quiet' }, line.vm.resourceGroup));
}

/** @param {Counts} counts */
function subscriptionTable({ subscriptions }) {
  if (subscriptions.length === 0) return h('p', { class: 'quiet' }, 'No remediations yet.');
  return table(
    'Remediations by subscription',
    ['Subscription', 'Running', ...GROUPS.map(({ text }) => text)],
    subscriptions.map(({ subscriptionId, running, outcomes }) => ({
      key: subscriptionId,
      cells: [
        h('a', { href: `#/?subscription=${subscriptionId}`, class: 'id' }, subscriptionId),
        running,
        ...GROUPS.map((group) => countOf(outcomes, group)),
      ],
    })),
  );
}

/** What is said when it happens: that somebody is waited for, and how something ended. @param {Fleet} before @param {Fleet} after */
function newsOf(before, after) {
  const known = new Map(before.running.map((line) => [line.id, line]));
  const asks = after.running.find(
    ({ id, phase }) => phase === 'approval' && known.get(id)?.phase !== 'approval',
  );
  if (asks) return `${asks.vm.name} is waiting for approval.`;
  const ended = after.list.remediations.find(({ id, endedAt }) => known.has(id) && endedAt !== undefined);
  return ended && `${ended.vm.name}: ${statusOf(ended).text}.`;
}
