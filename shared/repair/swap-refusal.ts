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

/** Of a VM that is merely stopped the code that stands for anything may mean its state, and to deallocate it costs little. */
const WHILE_STOPPED = /^OperationNotAllowed\b/;

/**
 * Whether this error text of Azure means that no waiting helps: the VM must be built again instead, or, where it is merely stopped,
 * be deallocated first.
 * @param power as `Expected` has it
 */
export function refusesSwap(message: string, power: string): boolean {
  const refusals = power === 'stopped' ? [...REFUSALS, WHILE_STOPPED] : REFUSALS;
  return refusals.some((refusal) => refusal.test(message));
}
