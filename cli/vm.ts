import { findVmsByName, listSubscriptions } from '../shared/azure/subscriptions.ts';
import { MedicError } from '../shared/errors.ts';
import { explainVmId, parseVmId } from '../shared/model/vm-id.ts';
import { openAzure } from './azure.ts';
import { CommandError } from './command-error.ts';
import type { Service } from './service/service.ts';

/** What a VM's name is made of (Azure naming rules, Microsoft.Compute/virtualMachines). */
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * The id of the VM that somebody names, by its id or, with the user's own sign-in, by its name.
 * @param subscription where the name is looked for; in every subscription that the user sees unless given
 * @throws CommandError where it is none, or the name does not say which
 */
export async function findVm(
  named: string,
  { azure: settings }: Pick<Service, 'azure'>,
  subscription?: string,
): Promise<string> {
  const id = parseVmId(named)?.id;
  if (id !== undefined) return id;
  if (!NAME.test(named))
    throw new CommandError('usage', `${explainVmId(named).message}, or use the name of the VM.`);
  const { azure, options } = openAzure(settings);
  try {
    const subscriptions = subscription === undefined ? await listSubscriptions(options) : [subscription];
    const { ids, unread } = await findVmsByName(azure, subscriptions, named);
    return theOne(named, ids, subscriptions, unread);
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    throw new CommandError(
      'unreachable',
      `VMs could not be listed. ${error.message}`,
      'Sign in with az login, or use the id of the VM: az vm show -g <group> -n <name> --query id -o tsv.',
      error,
    );
  }
}

function theOne(
  name: string,
  ids: readonly string[],
  subscriptions: readonly string[],
  unread: readonly string[],
): string {
  const [id] = ids;
  if (ids.length > 1)
    throw new CommandError(
      'usage',
      `${ids.length} VMs are called ${name}:\n${ids.map((one) => `  ${one}`).join('\n')}`,
      'Use the id of the one you mean.',
    );
  if (id !== undefined) return parseVmId(id)?.id ?? id;
  const beside = unread.length === 0 ? '' : ` VMs in ${unread.join(', ')} could not be listed.`;
  throw new CommandError(
    'failed',
    `No VM is called ${name} in ${subscriptions.length === 0 ? 'any subscription you can access' : subscriptions.join(', ')}.${beside}`,
    'Use its id, or --subscription <id>.',
  );
}
