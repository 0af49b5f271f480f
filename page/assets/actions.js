import { api } from './api.js';
import { confirmed } from './dialog.js';
import { h } from './dom.js';
import { list } from './parts.js';
import { formatMoment, formatSpan, now } from './time.js';

/** What a person may do to a remediation: approve or refuse its plan, cancel it, go back from it, put a message back on the queue. */

/** @typedef {import('../../shared/model/record.ts').RemediationRecord} RemediationRecord */
/** @typedef {import('../../shared/model/page-answers.ts').MeAnswer} Me */

/** From here on there is nothing left to call off. @type {readonly string[]} */
const TOO_LATE = ['verify', 'undo', 'clean-up', 'ended'];

const SECRET = /** @type {const} */ ({
  name: 'secret',
  label: 'Approver secret',
  type: 'password',
  hint: 'The value of RDP_MEDIC_APPROVER_SECRET. It is sent with this request only and not stored.',
  required: true,
});
const BY = /** @type {const} */ ({
  name: 'by',
  label: 'Your name',
  type: 'text',
  hint: 'Shown in the report.',
});

/** What is asked beside the question itself, by how one signs in here. @param {Me} me */
const secretOf = (me) => (me.caller?.approves === 'by-secret' ? [SECRET] : []);
/** @param {Me} me */
const nameOf = (me) => (me.caller?.name === undefined ? [BY] : []);

/** Why somebody cannot approve; `undefined` where he can. @param {Me} me */
export function whyNotApprove({ caller }) {
  if (caller?.approves === 'never') return 'Nobody can approve here: RDP_MEDIC_APPROVER_SECRET is not set.';
  if (caller?.approves === 'by-role' && !caller.roles.includes('Approve'))
    return 'Approving requires the role Approve.';
  return undefined;
}

/** Why somebody cannot do what takes an operator; `undefined` where he can. @param {Me} me */
export function whyNotOperate({ caller }) {
  if (caller?.approves === 'never')
    return 'This requires an operator, but RDP_MEDIC_APPROVER_SECRET is not set.';
  if (caller?.approves === 'by-role' && !caller.roles.includes('Operate'))
    return 'This requires the role Operate.';
  return undefined;
}

/** @param {RemediationRecord} record */
export function canCancel({ endedAt, phase, cancelled }) {
  return endedAt === undefined && !TOO_LATE.includes(phase) && !cancelled;
}

/** @param {RemediationRecord} record */
export function canRollBack({ endedAt, originalDisk }) {
  return (
    endedAt !== undefined && originalDisk?.wayBack !== undefined && Date.parse(originalDisk.keptUntil) > now()
  );
}

/** @param {RemediationRecord} record @param {Me} me @param {boolean} approved */
export function answer({ id, vm, question, plan }, me, approved) {
  if (!question) return Promise.resolve(undefined);
  const offline = question.about === 'offline';
  return confirmed({
    title: approved
      ? offline
        ? `Take ${vm.name} offline?`
        : `Restart ${vm.name}?`
      : `Deny this plan for ${vm.name}?`,
    body: approved
      ? [
          plan && plan.downtime !== '' && h('p', {}, plan.downtime),
          plan && plan.losses.length > 0 && h('div', {}, h('p', {}, 'What is lost:'), list(plan.losses)),
          h(
            'p',
            { class: 'quiet' },
            'You approve only this plan: ',
            h('code', {}, question.plan.slice(0, 12)),
            '…',
          ),
        ]
      : [
          h(
            'p',
            {},
            offline
              ? 'The VM stays as it is, and the remediation ends.'
              : 'The VM is not restarted. Some changes take effect only after a restart.',
          ),
        ],
    fields: secretOf(me),
    confirm: approved ? 'Approve' : 'Deny',
    act: async ({ secret = '' }) => {
      const { status } = await api.approve(id, { approved, plan: question.plan }, secret);
      if (status === 'waits-for-another-approver') return 'Approved. Waiting for a second approver.';
      return approved ? 'Approved.' : 'Denied.';
    },
  });
}

/** @param {RemediationRecord} record @param {Me} me */
export function cancel({ id, vm }, me) {
  return confirmed({
    title: `Cancel the remediation of ${vm.name}?`,
    body: [
      h(
        'p',
        {},
        'It stops at the next safe point: the Azure operation in progress completes first, then all changes made so far are undone.',
      ),
    ],
    fields: [
      ...nameOf(me),
      { name: 'stopped', label: 'Leave the VM stopped if the repair has stopped it', type: 'checkbox' },
    ],
    confirm: 'Cancel the remediation',
    danger: true,
    act: async ({ by = '', stopped = '' }) => {
      await api.cancel(id, { ...(by !== '' && { by }), leaveStopped: stopped === 'yes' });
      return 'Cancelling.';
    },
  });
}

/**
 * Goes back to the disk from before; gives back the id of the remediation that does it.
 * @param {RemediationRecord} record @param {Me} me @param {(id: string) => void} follow
 */
export function rollBack({ id, vm, originalDisk }, me, follow) {
  const since = originalDisk?.wayBack?.writesSince;
  if (since === undefined) return Promise.resolve(undefined);
  return confirmed({
    title: `Roll ${vm.name} back to its original disk?`,
    body: [
      h(
        'p',
        {},
        'The VM is stopped, its original OS disk is swapped back in, and the VM is started again. This takes a few minutes of downtime, and RDP will be as broken as before the repair.',
      ),
      h(
        'p',
        {},
        h(
          'strong',
          {},
          `Everything Windows wrote since ${formatMoment(since)} (${formatSpan(since)} ago) is lost. `,
        ),
        'It stays on the repaired disk, which is kept for a few days.',
      ),
    ],
    fields: [
      {
        name: 'accept',
        label: `I accept losing what was written since ${formatMoment(since)}`,
        type: 'checkbox',
        required: true,
      },
      ...nameOf(me),
      ...secretOf(me),
    ],
    confirm: 'Roll back',
    danger: true,
    act: async ({ by = '', secret = '' }) => {
      const started = await api.rollBack(id, { acceptLoss: since, ...(by !== '' && { by }) }, secret);
      follow(String(started.id));
      return 'The rollback has started.';
    },
  });
}

/** @param {{ id: string, vm?: { name: string } }} message @param {Me} me */
export function requeue({ id, vm }, me) {
  return confirmed({
    title: `Put the request for ${vm?.name ?? 'this VM'} back on the queue?`,
    body: [
      h(
        'p',
        {},
        'The request is processed again under the current policy. If it fails again, it comes back here.',
      ),
    ],
    fields: secretOf(me),
    confirm: 'Put back on the queue',
    act: async ({ secret = '' }) => {
      await api.requeue(id, secret);
      return 'The message is back on the queue.';
    },
  });
}
