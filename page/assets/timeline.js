import { api } from './api.js';
import { h } from './dom.js';
import { badge, dot } from './parts.js';
import { formatMoment, formatSpan, told } from './time.js';
import { COURSE, OPERATIONS, PHASES, PROBE_STATES, sentence, STEP_STATES } from './words.js';

/** @typedef {import('../../shared/model/record.ts').RemediationRecord} RemediationRecord */
/** @typedef {import('../../shared/model/record.ts').StepRecord} StepRecord */
/** @typedef {import('../../shared/model/record.ts').Phase} Phase */
/** @typedef {import('../../shared/model/operation-record.ts').OperationRecord} Operation */
/** @typedef {import('../../shared/model/finding.ts').Finding} Finding */
/** @typedef {import('../../shared/model/finding.ts').GuestAction} GuestAction */

/** How far it has come. @param {RemediationRecord} record */
export function courseOf({ phase }) {
  const course = Object.keys(COURSE);
  const at = course.indexOf(phase);
  return h(
    'ol',
    { class: 'course', 'aria-label': 'Phases' },
    course.map((one, index) => {
      const isNow = index === at;
      const tone =
        at === -1
          ? 'plain'
          : isNow
            ? one === 'approval'
              ? 'warn'
              : 'busy'
            : index < at
              ? 'passed'
              : 'ahead';
      return h(
        'li',
        { class: tone, 'data-key': one, 'aria-current': isNow ? 'step' : undefined },
        COURSE[/** @type {Phase} */ (one)],
        tone === 'passed' ? h('span', { class: 'unseen' }, ' (passed)') : null,
      );
    }),
  );
}

/** What is in progress, in a sentence or two. @param {RemediationRecord} record */
export function nowOf({ phase, steps, operations = [], question, downSince, cancelled }) {
  const step = steps.findLast(({ state }) => state === 'running');
  const working = operations.filter(({ endedAt }) => endedAt === undefined);
  return h(
    'div',
    { class: 'now' },
    h('p', { class: 'lead' }, step?.title ?? PHASES[phase]),
    h(
      'ul',
      {},
      step && h('li', {}, 'Running for ', formatSpan(step.startedAt)),
      working.map(({ kind, target, startedAt }) =>
        h(
          'li',
          {},
          `Azure operation in progress: ${OPERATIONS[kind]} (`,
          h('code', {}, target),
          '), ',
          formatSpan(startedAt),
        ),
      ),
      question && h('li', {}, 'The approval request expires at ', formatMoment(question.expiresAt)),
      downSince !== undefined &&
        h(
          'li',
          {},
          h('strong', {}, 'The VM is down'),
          ' since ',
          formatMoment(downSince),
          '. RDP Medic keeps trying to start it.',
        ),
      cancelled &&
        h(
          'li',
          {},
          'Cancelled',
          cancelled.by === undefined ? '' : ` by ${cancelled.by}`,
          ': it stops at the next safe point, and all changes are undone.',
        ),
    ),
  );
}

/** Each step with what it found, did and left, the newest last. @param {RemediationRecord} record */
export function timelineOf({ id, steps, undo, operations = [] }) {
  const undoneFrom = undo.find(({ startedAt }) => startedAt !== undefined)?.startedAt;
  return h(
    'ol',
    { class: 'timeline' },
    steps.map((step, index) =>
      stepOf(id, step, index, within(operations, step.startedAt, steps[index + 1]?.startedAt ?? undoneFrom)),
    ),
    undo.map(({ description, done, error, actions = [], startedAt, endedAt }, index) =>
      h(
        'li',
        { 'data-key': `undo-${index}` },
        dot(done ? 'good' : 'bad'),
        h(
          'div',
          { class: 'step' },
          h('h3', {}, `Undo: ${description}`),
          badge(done ? { text: 'Done', tone: 'good' } : { text: 'Failed', tone: 'bad' }),
          error && problemOf(error),
          changedOf(actions),
          startedAt !== undefined && operationsOf(within(operations, startedAt, endedAt)),
        ),
      ),
    ),
  );
}

/** @param {string} id @param {StepRecord} step @param {number} index @param {readonly Operation[]} operations */
function stepOf(id, step, index, operations) {
  const state = STEP_STATES[step.state];
  const waits = step.id === 'approval' && step.state === 'running';
  return h(
    'li',
    { 'data-key': `${index}-${step.id}`, class: step.state },
    dot(waits ? 'warn' : state.tone),
    h(
      'div',
      { class: 'step' },
      h('h3', {}, step.title),
      badge(waits ? { text: 'Waiting', tone: 'warn' } : state),
      h(
        'span',
        { class: 'quiet when' },
        formatMoment(step.startedAt),
        ' · ',
        formatSpan(step.startedAt, step.endedAt),
      ),
      step.detail !== '' && h('p', {}, told(step.detail)),
      step.error && problemOf(step.error),
      findingsOf('Found', step.findings),
      changedOf(step.actions),
      operationsOf(operations),
      step.remaining.length > 0 && findingsOf('Still there', step.remaining),
      step.probe &&
        h(
          'p',
          {},
          badge(PROBE_STATES[step.probe.state]),
          // Where the step says the same, once is enough.
          step.detail.includes(step.probe.detail) ? '' : ` ${told(step.probe.detail)}`,
        ),
      step.evidence.length > 0 &&
        h(
          'p',
          { class: 'quiet' },
          'Evidence: ',
          step.evidence.flatMap(({ name, url }, at) => [at > 0 && ', ', evidenceLink(id, name, url)]),
        ),
    ),
  );
}

/**
 * The operations that Azure began in a span of time: of a step, up to the next one.
 * @param {readonly Operation[]} operations @param {string} from ISO 8601 @param {string | undefined} to
 */
function within(operations, from, to) {
  const [first, end] = [Date.parse(from), to === undefined ? Infinity : Date.parse(to)];
  return operations.filter(({ startedAt }) => {
    const began = Date.parse(startedAt);
    return began >= first && began < end;
  });
}

/** @param {readonly Operation[]} operations */
function operationsOf(operations) {
  if (operations.length === 0) return null;
  return h(
    'div',
    { class: 'found' },
    h('h4', {}, 'Azure operations'),
    h(
      'ul',
      { class: 'operations' },
      operations.map(({ kind, target, startedAt, endedAt, failed }) =>
        h(
          'li',
          {},
          `${OPERATIONS[kind]}: `,
          h('code', {}, target),
          failed ? badge({ text: 'Failed', tone: 'bad' }) : null,
          h(
            'span',
            { class: 'quiet' },
            ` ${formatMoment(startedAt)} · `,
            endedAt === undefined ? 'in progress for ' : '',
            formatSpan(startedAt, endedAt),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} id @param {string} name @param {string} url */
function evidenceLink(id, name, url) {
  return h('a', { href: api.evidenceAddress(id, url), target: '_blank', rel: 'noreferrer' }, name);
}

/** @param {string} title @param {readonly Finding[]} findings */
function findingsOf(title, findings) {
  if (findings.length === 0) return null;
  const tones = /** @type {const} */ ({ fault: 'bad', warning: 'warn', info: 'plain' });
  return h(
    'div',
    { class: 'found' },
    h('h4', {}, title),
    h(
      'ul',
      {},
      findings.map(({ severity, detail, code }) =>
        h(
          'li',
          {},
          severity === 'info'
            ? null
            : badge({ text: severity === 'fault' ? 'Fault' : 'Warning', tone: tones[severity] }),
          ' ',
          detail === '' ? code : told(detail),
        ),
      ),
    ),
  );
}

/** @param {readonly GuestAction[]} actions */
function changedOf(actions) {
  return actions.length > 0 && h('div', { class: 'found' }, h('h4', {}, 'Changed'), changesOf(actions));
}

/** Each change with what stood there before, and what stands there now. @param {readonly GuestAction[]} actions */
export function changesOf(actions) {
  return h(
    'ul',
    { class: 'changes' },
    actions.map(({ what, target, before, after }) =>
      h(
        'li',
        {},
        `${sentence(what)}: `,
        h('code', {}, target),
        before !== after &&
          h(
            'span',
            { class: 'values' },
            h('del', {}, before ?? 'not set'),
            ' → ',
            h('ins', {}, after ?? 'removed'),
          ),
      ),
    ),
  );
}

/** @param {{ code: string, message: string, next?: string | undefined }} problem */
export function problemOf({ code, message, next }) {
  return h(
    'p',
    { class: 'error' },
    h('strong', {}, code),
    ' ',
    message,
    next === undefined ? '' : ` ${next}`,
  );
}
