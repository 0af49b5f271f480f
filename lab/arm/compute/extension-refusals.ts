import { operationNotAllowed } from '../errors.ts';
import type { VirtualMachine } from '../store/resources.ts';

/** Managed run commands that a VM may have, whoever made them. */
const MOST_RUN_COMMANDS = 25;

/**
 * The refusals common to extensions and managed run commands, which are extensions too.
 * @throws ArmError 409 OperationNotAllowed
 */
export function refuseExtensions(vm: VirtualMachine): void {
  if (vm.power !== 'running')
    throw operationNotAllowed('Cannot modify extensions in the VM when the VM is not running.');
  refuseDisallowed(vm);
}

/**
 * A VM whose owner allows no extensions runs no command either (OSProfile.allowExtensionOperations: "may only be set to False when no
 * extensions are present"; that a run command is one of them, and the text, are not documented).
 * @throws ArmError 409 OperationNotAllowed
 */
export function refuseDisallowed({ properties }: VirtualMachine): void {
  if (properties.osProfile?.allowExtensionOperations === false)
    throw operationNotAllowed(
      'This operation cannot be performed when extension operations are disallowed. To allow, please ensure VM Agent is installed on the VM and the osProfile.allowExtensionOperations property is true.',
    );
}

/** azure-docs#117976, the answer pasted; its status and code are not shown there. @throws ArmError 409 OperationNotAllowed */
export function refuseTooMany(current: number): void {
  if (current >= MOST_RUN_COMMANDS)
    throw operationNotAllowed(
      `The maximum number of managed Run commands (max=${String(MOST_RUN_COMMANDS)}, current=${String(current)}) has been exceeded. Use fewer Run commands and retry the request.`,
    );
}
