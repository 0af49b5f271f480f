/**
 * Azure's refusals to put a disk under a VM, at once or at the end of the operation. `PropertyChangeNotAllowed` is never a state that
 * passes; `BadRequest` and `OperationNotAllowed` stand for anything, so that of those the text decides (azure-sdk-for-python#30479 for
 * the security type; the texts on controller, architecture and ephemeral disk begin alike).
 */
const REFUSALS = [
  /^(PropertyChangeNotAllowed|OSDiskSwap\w*)\b/,
  /^\w+: Swapping OS Disk is not (allowed|supported)\b/,
  /^\w+: Security type of VM is not compatible with the security type of attached OS Disk\b/,
];

/** Whether this error text of Azure means that the VM must be built again instead. */
export function refusesSwap(message: string): boolean {
  return REFUSALS.some((refusal) => refusal.test(message));
}
