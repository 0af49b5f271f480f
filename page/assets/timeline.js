import { api } from './api.js';
import { h } from './dom.js';
import { badge, dot } from './parts.js';
import { formatMoment, formatSpan, told } from './time.js';
import { OPERATIONS, PHASES, PROBE_STATES, sentence, STEP_STATES } from './words.js';

/** @typedef {import('../../shared/model/record.ts').RemediationRecord} RemediationRecord */
/** @typedef {import('../../shared/model/record.ts').StepRecord} StepRecord */
/** @typedef {import('../../shared/model/finding.ts').Finding} Finding */
/** @typedef {import('../../shared/model/finding.ts').GuestAction} GuestAction */

/** The phases that a remediation may go through, in their order, by their short names. @type {Readonly<Record<string, string>>} */
const SHORT = {
  preflight: 'Check',
  snapshot: 'Snapshot',
  'rdp-security': 'RDP access',
  online: 'Online repair',
  rehearsal: 'Rehearsal',
  approval: 'Approval',
  offline: 'Offline repair',
  restore: 'Disk swap',
  verify: 'Verify',
  'clean-up': 'Clean-up',
};

/** How far it has come. @param {RemediationRecord} record */
export function courseOf({ phase }) {
  const course = Object.keys(SHORT);
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
        SHORT[one],
        tone === 'passed' ? h('span', { class: 'unseen' }, ' (passed)') : null,
      );
    }),
  );
}

/** What is going on at this moment, in a sentence or two. @param {RemediationRecord} record */
export function nowOf({ phase, steps, pending, question, downSince, cancelled }) {
  const step = steps.findLast(({ state }) => state === 'running');
  const asked = pending?.asked;
  return h(
    'div',
    { class: 'now' },
    h('p', { class: 'lead' }, step?.title ?? PHASES[phase]),
    h(
      'ul',
      {},
      step && h('li', {}, 'Running for ', formatSpan(step.startedAt)),
      asked &&
        h(
          'li',
          {},
          'Azure operation: ',
          OPERATIONS[asked.kind],
          asked.ended ? ' (finished)' : ' (in progress)',
        ),
      question && h('li', {}, 'Waits for an answer until ', formatMoment(question.expiresAt)),
      downSince !== undefined &&
        h(
          'li',
          {},
          h('strong', {}, 'The VM is down'),
          ' since ',
          formatMoment(downSince),
          '; it is being brought up.',
        ),
      cancelled &&
        h(
          'li',
          {},
          'Cancelled',
          cancelled.by === undefined ? '' : ` by ${cancelled.by}`,
          ': it ends at the next safe point, and what was done is undone.',
        ),
    ),
  );
}

/** Each step with what it found, did and left, the newest last. @param {RemediationRecord} record */
export function timelineOf({ id, steps, undo }) {
  return h(
    'ol',
    { class: 'timeline' },
    steps.map((step, index) => stepOf(id, step, index)),
    undo.map(({ description, done, error, actions = [] }, index) =>
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
        ),
      ),
    ),
  );
}

/** @param {string} id @param {StepRecord} step @param {number} index */
function stepOf(id, step, index) {
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
