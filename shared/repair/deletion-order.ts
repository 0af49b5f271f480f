/**
 * Roles of what a remediation makes and deletes again, in the order Azure allows: a VM before its NIC and disks.
 * What is not listed (the safety snapshot, the original disk) is kept until it expires.
 */
const ORDER = [
  'rescue-vm',
  'rescue-nic',
  'rescue-os-disk',
  'rehearsal-disk',
  'repair-disk',
  'rehearsal-snapshot',
  'key-check-disk',
];

/** With what only its own remediation deletes: its run commands, and a snapshot that never came to be. */
const OWN_ORDER = ['run-command', ...ORDER, 'snapshot'];

/** The resources to delete, first one first; what has a role to keep stays. */
export function deletionOrder<Made extends { role: string }>(
  resources: readonly Made[],
  keep: readonly string[] = [],
): Made[] {
  return resources
    .filter(({ role }) => OWN_ORDER.includes(role) && !keep.includes(role))
    .sort((a, b) => OWN_ORDER.indexOf(a.role) - OWN_ORDER.indexOf(b.role));
}
