/**
 * The words of the page for what the service calls by its own names.
 * @typedef {'good' | 'warn' | 'bad' | 'plain' | 'busy'} Tone
 * @typedef {{ readonly text: string, readonly tone: Tone }} Label
 */

/**
 * @typedef {import('../../shared/model/record.ts').OutcomeKind} OutcomeKind
 * @typedef {import('../../shared/model/record.ts').Phase | 'starting'} Phase
 * @typedef {import('../../shared/model/record.ts').StepState} StepState
 * @typedef {import('../../shared/model/probe.ts').ProbeState} ProbeState
 * @typedef {import('../../shared/model/expected.ts').DeedKind} DeedKind
 */

/** @type {Readonly<Record<OutcomeKind, Label>>} */
export const OUTCOMES = {
  'repaired-online': { text: 'Repaired online', tone: 'good' },
  'repaired-offline': { text: 'Repaired offline', tone: 'good' },
  healthy: { text: 'Healthy', tone: 'good' },
  diagnosed: { text: 'Diagnosed', tone: 'plain' },
  refused: { text: 'Refused', tone: 'warn' },
  'set-by-policy': { text: 'Set by Group Policy', tone: 'warn' },
  'not-fixed': { text: 'Not repaired', tone: 'bad' },
  failed: { text: 'Failed', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
  'rolled-back': { text: 'Rolled back', tone: 'plain' },
};

/** @type {Readonly<Record<Phase, string>>} */
export const PHASES = {
  starting: 'Starting',
  preflight: 'Checking the VM',
  snapshot: 'Taking a snapshot',
  'rdp-security': 'Restricting access to RDP',
  online: 'Repairing online',
  rehearsal: 'Rehearsing the offline repair',
  approval: 'Waiting for approval',
  offline: 'Repairing offline',
  restore: 'Replacing the OS disk',
  verify: 'Verifying RDP',
  undo: 'Undoing changes',
  'clean-up': 'Cleaning up',
  ended: 'Ended',
};

/** @type {Readonly<Record<StepState, Label>>} */
export const STEP_STATES = {
  running: { text: 'Running', tone: 'busy' },
  done: { text: 'Done', tone: 'plain' },
  'not-needed': { text: 'Not needed', tone: 'plain' },
  fixed: { text: 'Fixed', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  skipped: { text: 'Skipped', tone: 'plain' },
};

/** @type {Readonly<Record<ProbeState, Label>>} */
export const PROBE_STATES = {
  healthy: { text: 'RDP answers', tone: 'good' },
  filtered: { text: 'No answer', tone: 'bad' },
  refused: { text: 'Connection refused', tone: 'bad' },
  'no-tls': { text: 'Answers without TLS', tone: 'warn' },
  'not-rdp': { text: 'Another program answers', tone: 'bad' },
  'negotiation-failed': { text: 'Negotiation fails', tone: 'bad' },
  'tls-failed': { text: 'TLS handshake fails', tone: 'bad' },
  'certificate-expired': { text: 'Certificate has expired', tone: 'bad' },
  'nla-failed': { text: 'NLA fails', tone: 'bad' },
  'other-machine': { text: 'Another machine answers', tone: 'warn' },
};

/**
 * What Azure is doing, or has just done.
 * @type {Readonly<Record<DeedKind, string>>}
 */
export const OPERATIONS = {
  deallocate: 'Deallocate the VM',
  'power-off': 'Power the VM off',
  start: 'Start the VM',
  restart: 'Restart the VM',
  'swap-os-disk': 'Swap the OS disk',
  'detach-on-delete': 'Keep disks and network cards when the VM is deleted',
  'delete-vm': 'Delete the VM, keeping its disks and network cards',
  'recreate-vm': 'Create the VM again around its disks',
};

/** @type {Readonly<Record<string, string>>} */
export const MODES = {
  diagnose: 'Diagnose only',
  online: 'Online repair',
  rehearse: 'Rehearsal (dry run)',
  full: 'Full repair',
};

/** @type {Readonly<Record<string, string>>} */
export const SOURCES = {
  manual: 'a caller',
  operator: 'an operator',
  alert: 'an alert',
  ticket: 'a ticket',
  queue: 'a queue message',
};

/** How outcomes are drawn and counted: repaired, ended without a repair being needed or wanted, and not repaired. */
export const GROUPS = /** @type {const} */ ([
  {
    name: 'repaired',
    text: 'Repaired',
    tone: 'good',
    outcomes: ['repaired-online', 'repaired-offline'],
  },
  {
    name: 'other',
    text: 'No repair',
    tone: 'plain',
    outcomes: ['healthy', 'diagnosed', 'cancelled', 'rolled-back', 'refused'],
  },
  {
    name: 'unrepaired',
    text: 'Not repaired',
    tone: 'bad',
    outcomes: ['not-fixed', 'failed', 'set-by-policy'],
  },
]);

/**
 * How many of an outcome's group there are.
 * @param {Partial<Record<string, number>>} counts by outcome
 * @param {(typeof GROUPS)[number]} group
 */
export function countOf(counts, group) {
  return group.outcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

/**
 * Where a remediation stands, in a word or two.
 * @param {{ phase: string, outcome?: string | undefined, endedAt?: string | undefined, lost?: boolean | undefined }} one
 * @returns {Label}
 */
export function statusOf({ phase, outcome, endedAt, lost }) {
  if (outcome !== undefined && endedAt !== undefined)
    return OUTCOMES[/** @type {OutcomeKind} */ (outcome)] ?? { text: outcome, tone: 'plain' };
  if (endedAt !== undefined) return { text: 'Ended', tone: 'plain' };
  if (lost) return { text: 'Interrupted', tone: 'bad' };
  const text = PHASES[/** @type {Phase} */ (phase)] ?? phase;
  return { text, tone: phase === 'approval' ? 'warn' : 'busy' };
}

/**
 * `swap-os-disk` as `Swap OS disk`; anything that is not such a word stays as it came.
 * @param {string} word
 */
export function sentence(word) {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word)) return word.charAt(0).toUpperCase() + word.slice(1);
  const words = word
    .replaceAll('-', ' ')
    .replace(/\b(acl|bcd|id|nsg|os|rdp|tls|vm)\b/g, (short) => short.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
