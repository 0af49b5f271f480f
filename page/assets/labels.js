// Written by `npm run generate` from shared/report: report, notifications, command line and page say the same.

/**
 * @typedef {typeof import('../../shared/report/labels.ts').COURSE} COURSE_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').GROUPS} GROUPS_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').MODES} MODES_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').OPERATIONS} OPERATIONS_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').OUTCOMES} OUTCOMES_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').PHASES} PHASES_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').PROBE_STATES} PROBE_STATES_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').SOURCES} SOURCES_LABELS
 * @typedef {typeof import('../../shared/report/labels.ts').STEP_STATES} STEP_STATES_LABELS
 * @typedef {typeof import('../../shared/report/words.ts').TOOLS} TOOLS_LABELS
 */

/** @type {COURSE_LABELS} */
export const COURSE = {
  preflight: 'Preflight',
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

/** @type {GROUPS_LABELS} */
export const GROUPS = [
  {
    name: 'repaired',
    text: 'Repaired',
    tone: 'good',
    outcomes: ['repaired-online', 'repaired-offline'],
  },
  {
    name: 'other',
    text: 'Other',
    tone: 'plain',
    outcomes: ['healthy', 'diagnosed', 'cancelled', 'rolled-back', 'refused'],
  },
  {
    name: 'unrepaired',
    text: 'Not repaired',
    tone: 'bad',
    outcomes: ['not-fixed', 'failed', 'set-by-policy'],
  },
];

/** @type {MODES_LABELS} */
export const MODES = {
  diagnose: 'Diagnose only',
  online: 'Online repair',
  rehearse: 'Dry run (rehearsal)',
  full: 'Full repair',
};

/** @type {OPERATIONS_LABELS} */
export const OPERATIONS = {
  deallocate: 'Deallocate the VM',
  'power-off': 'Power off the VM',
  start: 'Start the VM',
  restart: 'Restart the VM',
  'swap-os-disk': 'Swap the OS disk',
  'detach-on-delete': 'Keep disks and network interfaces when the VM is deleted',
  'delete-vm': 'Delete the VM, keeping its disks and network interfaces',
  'recreate-vm': 'Recreate the VM with its disks',
  'create-snapshot': 'Create a snapshot',
  'copy-disk': 'Create a copy of the OS disk',
  'create-rescue-vm': 'Create the rescue VM',
  'set-security-rule': 'Change a security rule',
  'run-script': 'Run a script with Run Command',
};

/** @type {OUTCOMES_LABELS} */
export const OUTCOMES = {
  'repaired-online': {
    text: 'Repaired online',
    tone: 'good',
  },
  'repaired-offline': {
    text: 'Repaired offline',
    tone: 'good',
  },
  healthy: {
    text: 'Healthy',
    tone: 'good',
  },
  diagnosed: {
    text: 'Diagnosed',
    tone: 'plain',
  },
  refused: {
    text: 'Refused',
    tone: 'warn',
  },
  'set-by-policy': {
    text: 'Set by Group Policy',
    tone: 'warn',
  },
  'not-fixed': {
    text: 'Not repaired',
    tone: 'bad',
  },
  failed: {
    text: 'Failed',
    tone: 'bad',
  },
  cancelled: {
    text: 'Cancelled',
    tone: 'warn',
  },
  'rolled-back': {
    text: 'Rolled back',
    tone: 'plain',
  },
};

/** @type {PHASES_LABELS} */
export const PHASES = {
  preflight: 'Running preflight checks',
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
  ended: 'Writing the report',
};

/** @type {PROBE_STATES_LABELS} */
export const PROBE_STATES = {
  healthy: {
    text: 'Healthy',
    tone: 'good',
  },
  filtered: {
    text: 'No response',
    tone: 'bad',
  },
  refused: {
    text: 'Connection refused',
    tone: 'bad',
  },
  'no-tls': {
    text: 'No TLS',
    tone: 'warn',
  },
  'not-rdp': {
    text: 'Not RDP',
    tone: 'bad',
  },
  'negotiation-failed': {
    text: 'Negotiation fails',
    tone: 'bad',
  },
  'tls-failed': {
    text: 'TLS handshake fails',
    tone: 'bad',
  },
  'certificate-expired': {
    text: 'Certificate not valid',
    tone: 'bad',
  },
  'nla-failed': {
    text: 'NLA fails',
    tone: 'bad',
  },
  'other-machine': {
    text: 'Different machine',
    tone: 'warn',
  },
};

/** @type {SOURCES_LABELS} */
export const SOURCES = {
  manual: 'API caller',
  operator: 'Operator',
  alert: 'Azure Monitor alert',
  ticket: 'Ticket',
  queue: 'Queue message',
};

/** @type {STEP_STATES_LABELS} */
export const STEP_STATES = {
  running: {
    text: 'Running',
    tone: 'plain',
  },
  done: {
    text: 'Done',
    tone: 'plain',
  },
  'not-needed': {
    text: 'Not needed',
    tone: 'plain',
  },
  fixed: {
    text: 'Fixed',
    tone: 'good',
  },
  failed: {
    text: 'Failed',
    tone: 'bad',
  },
  skipped: {
    text: 'Skipped',
    tone: 'plain',
  },
};

/** @type {TOOLS_LABELS} */
export const TOOLS = {
  az: 'Azure CLI',
  'az-powershell': 'PowerShell (Az module)',
  windows: 'On the VM, in PowerShell as an administrator',
  'rdp-medic': 'RDP Medic command line',
  http: 'RDP Medic API',
};
