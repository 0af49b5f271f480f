/** How ARM begins its refusal to swap the OS disk, at once or at the end of the operation. */
const REFUSALS = /^(PropertyChangeNotAllowed|OperationNotAllowed|OSDiskSwap\w*)\b/;

/** Whether this error text of Azure means that the VM must be built again instead. */
export function refusesSwap(message: string): boolean {
  return REFUSALS.test(message);
}
