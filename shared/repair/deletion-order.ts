/**
 * Roles of what a remediation makes and deletes again, in the order Azure allows: a VM before its NIC and disks.
 * What is not listed (the safety snapshot, the original disk) is kept until it expires.
 */
const ORDER = ['rescue-vm', 'rescue-nic', 'rescue-os-disk', 'repair-disk', 'repair-snapshot'];

/** The resources to delete, first one first. */
export function deletionOrder<Made extends { role: string }>(resources: readonly Made[]): Made[] {
  return resources
    .filter(({ role }) => ORDER.includes(role))
    .sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
}
