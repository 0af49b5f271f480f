import { canCancel, canRollBack, whyNotApprove, whyNotOperate } from './actions.js';
import { api } from './api.js';
import { h } from './dom.js';
import { badge, button, commandsOf, facts, list, note, section } from './parts.js';
import { changesOf, courseOf, nowOf, problemOf, timelineOf } from './timeline.js';
import { formatMoment, formatSpan, told } from './time.js';
import { MODES, PHASES, PROBE_STATES, SOURCES, statusOf } from './words.js';

/** @typedef {import('../../shared/model/record.ts').RemediationRecord} RemediationRecord */
/** @typedef {import('../../shared/model/page-answers.ts').MeAnswer} Me */
/** @typedef {RemediationRecord | { id: string, vmId: string, phase: 'starting' }} Told what is told of one that has hardly begun is less */

/**
 * One remediation: what goes on, what was asked, done and found, and what a person can do.
 * @param {string} id
 * @returns {import('./view.js').View<Told>}
 */
export function remediationView(id) {
  return {
    title: 'Remediation',
    load: (signal) => api.record(id, signal),
    every: (told) => (isWhole(told) && told.endedAt !== undefined ? 60 : 2),
    render: (told, me) =>
      isWhole(told)
        ? whole(told, me)
        : h('div', {}, h('h1', {}, 'Starting'), h('p', { class: 'quiet' }, told.vmId)),
    news(before, after) {
      if (before.phase === after.phase || !isWhole(after)) return undefined;
      return after.outcome && after.endedAt !== undefined
        ? after.outcome.summary
        : `${after.vm.name}: ${PHASES[after.phase]}.`;
    },
  };
}

/** @param {Told} told @returns {told is RemediationRecord} */
export function isWhole(told) {
  return 'steps' in told;
}

/** @param {RemediationRecord} record @param {Me} me */
function whole(record, me) {
  const { vm, outcome, phase, endedAt, errors, warnings, changes = [] } = record;
  const runs = endedAt === undefined;
  return h(
    'div',
    { 'data-key': `remediation-${record.id}` },
    h('p', { class: 'crumbs' }, h('a', { href: '#/' }, '« Fleet')),
    h(
      'div',
      { class: 'title' },
      h('h1', {}, vm.name),
      badge(statusOf({ phase, outcome: outcome?.kind, endedAt })),
    ),
    outcome && h('p', { class: 'lead' }, told(outcome.summary)),
    questionOf(record, me),
    runs && h('div', { class: 'panel' }, courseOf(record), nowOf(record)),
    actionsOf(record, me),
    h(
      'p',
      { class: 'links' },
      !runs && h('a', { href: api.reportAddress(record.id), target: '_blank', rel: 'noreferrer' }, 'Report'),
    ),
    adviceOf(record),
    factsOf(record),
    record.refusals.map(({ code, message, next }) => note('warn', problemOf({ code, message, next }))),
    section('timeline', 'Timeline', timelineOf(record)),
    !record.question && planOf(record),
    changes.length > 0 && section('left', 'Changes', changesOf(changes)),
    errors.length > 0 && section('errors', 'Errors', errors.map(problemOf)),
    warnings.length > 0 && section('warnings', 'Warnings', list(warnings)),
  );
}

/** What to do next, each with the commands for it. @param {RemediationRecord} record */
function adviceOf({ advice, instructions = [] }) {
  return (
    advice.length > 0 &&
    section(
      'advice',
      'What to do next',
      h(
        'ul',
        { class: 'advice' },
        advice.map((line) => {
          const commands = instructions.find(({ words }) => words === line)?.commands ?? [];
          return h('li', {}, h('p', {}, told(shortened(line))), commands.map(commandsOf));
        }),
      ),
    )
  );
}

/** Resource ids by their names alone: the commands have them in full. @param {string} text */
function shortened(text) {
  return text.replaceAll(
    /\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/\S+\/([\w().-]*\w)/gi,
    '$1',
  );
}

/** What a person is waited for to say, with everything that he says yes to. @param {RemediationRecord} record @param {Me} me */
function questionOf({ question, plan, vm }, me) {
  if (!question) return null;
  const why = whyNotApprove(me);
  return section(
    'question',
    question.about === 'offline' ? `Approve taking ${vm.name} offline?` : `Approve restarting ${vm.name}?`,
    note(
      'warn',
      plan && plan.downtime !== '' && h('p', {}, h('strong', {}, 'Downtime: '), plan.downtime),
      plan &&
        h(
          'div',
          {},
          h('p', {}, h('strong', {}, 'Plan:')),
          h(
            'ol',
            {},
            plan.lines.map((line) => h('li', {}, told(line))),
          ),
        ),
      plan &&
        plan.losses.length > 0 &&
        h('div', {}, h('p', {}, h('strong', {}, 'What is lost:')), list(plan.losses)),
      h(
        'p',
        { class: 'quiet' },
        'Plan ',
        h('code', { class: 'id' }, question.plan),
        `. The request expires at ${formatMoment(question.expiresAt)}.`,
      ),
      why === undefined
        ? h(
            'div',
            { class: 'buttons' },
            button('Approve…', 'approve', { class: 'primary' }),
            button('Deny…', 'refuse'),
          )
        : h('p', {}, why),
    ),
  );
}

/** @param {RemediationRecord} record @param {Me} me */
function actionsOf(record, me) {
  const why = whyNotOperate(me);
  const back = canRollBack(record);
  if (!canCancel(record) && !back) return null;
  return h(
    'div',
    { class: 'buttons', 'data-key': 'actions' },
    canCancel(record) && button('Cancel…', 'cancel', { class: 'danger' }),
    back &&
      button('Roll back…', 'roll-back', {
        class: 'danger',
        disabled: why !== undefined,
        'aria-describedby': why === undefined ? undefined : 'why-not',
      }),
    back && why !== undefined && h('span', { class: 'quiet', id: 'why-not' }, why),
  );
}

/** @param {RemediationRecord} record */
function factsOf({
  id,
  vm,
  request,
  startedAt,
  endedAt,
  probeBefore,
  probeAfter,
  snapshot,
  originalDisk,
  rollback,
  cancelled,
}) {
  const { source } = request;
  const who = source.by?.name ?? [SOURCES[source.kind] ?? source.kind, source.name].filter(Boolean).join(' ');
  return facts([
    ['Resource group', vm.resourceGroup],
    ['Subscription', h('span', { class: 'id' }, vm.subscriptionId)],
    ['Windows', vm.osVersion],
    ['Requested by', who],
    ['Mode', rollback ? 'Rollback' : MODES[request.mode]],
    ['Started', formatMoment(startedAt)],
    [endedAt === undefined ? 'Running for' : 'Duration', formatSpan(startedAt, endedAt)],
    ['RDP before', probeBefore && badge(PROBE_STATES[probeBefore.state])],
    ['RDP after', probeAfter && badge(PROBE_STATES[probeAfter.state])],
    ['Rollback of', rollback && h('a', { href: `#/remediations/${rollback.of}` }, 'the repair')],
    ['Cancelled by', cancelled?.by],
    ['Snapshot kept until', snapshot && formatMoment(snapshot.expiresAt)],
    ['Original disk kept until', originalDisk && formatMoment(originalDisk.keptUntil)],
    ['Id', h('span', { class: 'id' }, id)],
  ]);
}

/** @param {RemediationRecord} record */
function planOf({ plan }) {
  if (!plan || plan.lines.length === 0) return null;
  return section(
    'plan',
    'Plan',
    h(
      'ol',
      {},
      plan.lines.map((line) => h('li', {}, told(line))),
    ),
    plan.downtime !== '' && h('p', {}, h('strong', {}, 'Downtime: '), plan.downtime),
    plan.losses.length > 0 && h('div', {}, h('p', {}, h('strong', {}, 'What is lost:')), list(plan.losses)),
    plan.costs !== undefined &&
      plan.costs.length > 0 &&
      h('div', {}, h('p', {}, h('strong', {}, 'Cost:')), list(plan.costs)),
  );
}
