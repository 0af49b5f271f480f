import type { VirtualMachineRunCommand } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { readVm, requireVmId } from './inspect-vm.ts';
import { madeTags, type Maker } from './made-resource.ts';
import { beginOperation, nothingToDo } from './operation.ts';

export interface RunCommandInput {
  vmId: string;
  /** Its region; looked up where it is not given. */
  location?: string | undefined;
  /** Name of the run command resource: derived from the script and the try, so that a second begin meets the first. */
  name: string;
  script: string;
  /** Strings only: that is all Run Command can pass (learn.microsoft.com, "Run scripts in your VM by using Run Command", note on parameters). */
  parameters: Record<string, string>;
  /** Account to run as; SYSTEM without it. Needs the Secondary Logon service on that VM. */
  runAs: { user: string; password: string } | undefined;
  timeoutSeconds: number;
  /** SAS of an append blob for the whole output; the instance view holds the last 4 KB. */
  outputBlobUri: string | undefined;
  maker: Maker;
}

/** What the platform says of a run command; success is what the script itself reports in its result line. */
export interface RunCommandState {
  state: 'running' | 'ended' | 'failed';
  output: string;
  error: string;
  message: string;
}

const ENDED = new Set(['Succeeded', 'Failed', 'TimedOut', 'Canceled']);

/** Begins a managed run command; nothing to do where one of this name exists. */
export async function beginRunCommand(azure: Azure, input: RunCommandInput): Promise<Operation> {
  const { subscriptionId, resourceGroup, name: vmName } = requireVmId(input.vmId);
  const { virtualMachineRunCommands } = (await azure(subscriptionId)).compute;
  const existing = await armIfExists(() =>
    virtualMachineRunCommands.getByVirtualMachine(resourceGroup, vmName, input.name),
  );
  if (existing) return nothingToDo(subscriptionId);
  const location = input.location ?? (await readVm(azure, input.vmId)).location;
  try {
    return await beginOperation(subscriptionId, 'compute', (options) =>
      virtualMachineRunCommands.createOrUpdate(
        resourceGroup,
        vmName,
        input.name,
        {
          location,
          source: { script: input.script },
          parameters: Object.entries(input.parameters).map(([name, value]) => ({ name, value })),
          timeoutInSeconds: input.timeoutSeconds,
          asyncExecution: false,
          ...(input.runAs === undefined
            ? {}
            : { runAsUser: input.runAs.user, runAsPassword: input.runAs.password }),
          ...(input.outputBlobUri === undefined ? {} : { outputBlobUri: input.outputBlobUri }),
          tags: madeTags(input.maker, 'run-command'),
        },
        options,
      ),
    );
  } catch (error) {
    throw isFull(error) ? new MedicError('TooManyRunCommands', error.message, { cause: error }) : error;
  }
}

/** Azure has no code of its own for it, only a text (azure-docs#117976). */
function isFull(error: unknown): error is MedicError {
  return error instanceof MedicError && error.message.includes('maximum number of managed Run commands');
}

/**
 * How a run command stands. Read by its instance view, not by its operation: the same after a restart of the host.
 * `failed` means the platform could not run the script at all (agent silent, refused).
 */
export async function readRunCommand(azure: Azure, vmId: string, name: string): Promise<RunCommandState> {
  const { subscriptionId, resourceGroup, name: vmName } = requireVmId(vmId);
  const { virtualMachineRunCommands } = (await azure(subscriptionId)).compute;
  const command = await arm(() =>
    virtualMachineRunCommands.getByVirtualMachine(resourceGroup, vmName, name, { expand: 'instanceView' }),
  );
  const view = command.instanceView;
  return {
    state: stateOf(command),
    output: view?.output ?? '',
    error: view?.error ?? '',
    message: view?.executionMessage ?? command.provisioningState ?? '',
  };
}

function stateOf({ instanceView, provisioningState }: VirtualMachineRunCommand): RunCommandState['state'] {
  const { executionState, endTime } = instanceView ?? {};
  // The state may stay Running or Unknown for ever (azure-cli#28172): a script that has an end has ended.
  if ((executionState !== undefined && ENDED.has(executionState)) || endTime !== undefined) return 'ended';
  if (provisioningState === 'Failed' || provisioningState === 'Canceled') return 'failed';
  // Succeeded without an instance view: the output is still on its way.
  return 'running';
}

/** Deletes a run command: it would stay on the VM for ever otherwise. Nothing to do where it is gone. */
export async function beginRemoveRunCommand(azure: Azure, vmId: string, name: string): Promise<Operation> {
  const { subscriptionId, resourceGroup, name: vmName } = requireVmId(vmId);
  const { virtualMachineRunCommands } = (await azure(subscriptionId)).compute;
  const existing = await armIfExists(() =>
    virtualMachineRunCommands.getByVirtualMachine(resourceGroup, vmName, name),
  );
  if (!existing) return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    virtualMachineRunCommands.delete(resourceGroup, vmName, name, options),
  );
}

/** The run commands on a VM; none where the VM is gone, since they went with it. */
export async function listRunCommands(azure: Azure, vmId: string): Promise<VirtualMachineRunCommand[]> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { virtualMachineRunCommands } = (await azure(subscriptionId)).compute;
  const found = await armIfExists(async () => {
    const commands: VirtualMachineRunCommand[] = [];
    for await (const command of virtualMachineRunCommands.listByVirtualMachine(resourceGroup, name))
      commands.push(command);
    return commands;
  });
  return found ?? [];
}
