import { madeTypeSchema, type MadeType, type Tagged } from '../model/sweep.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { listKind, readKind, type Seen } from './made-kinds.ts';
import { hasMadeName, TAGS } from './made-resource.ts';
import { listRunCommands } from './run-command.ts';

/**
 * Everything of these types in a resource group that bears the tags of this deployment, to be judged by whoever asks: never found
 * by guessed names. Nothing where the group is gone.
 */
export async function listTagged(
  azure: Azure,
  deployment: string,
  group: { subscriptionId: string; resourceGroup: string },
  types: readonly MadeType[] = madeTypeSchema.options,
): Promise<Tagged[]> {
  const found: Tagged[] = [];
  for (const type of types) {
    await armIfExists(async () => {
      for await (const seen of listKind(azure, group, type)) found.push(...taggedOf(seen, deployment));
    });
  }
  return found;
}

/** Those of these resources that are there and bear the tags of this deployment. */
export async function readTagged(
  azure: Azure,
  deployment: string,
  ids: readonly string[],
): Promise<Tagged[]> {
  const found: Tagged[] = [];
  for (const id of ids) {
    const seen = await readKind(azure, id);
    if (seen) found.push(...taggedOf(seen, deployment));
  }
  return found;
}

/** Every run command on a VM that bears the tags of this deployment. */
export async function listTaggedScripts(azure: Azure, deployment: string, vmId: string): Promise<Tagged[]> {
  const commands = await arm(() => listRunCommands(azure, vmId));
  return commands.flatMap((command) => taggedOf({ ...command, usedBy: null }, deployment));
}

/** As something of ours, if it bears the tags of this deployment. */
export function taggedOf({ id, name, tags = {}, usedBy }: Seen, deployment: string): Tagged[] {
  const remediationId = tags[TAGS.remediation];
  if (!id || !name || !remediationId || tags[TAGS.deployment] !== deployment) return [];
  const role = tags[TAGS.role] ?? '';
  // A run command is called after its script.
  const ownName =
    hasMadeName(name, remediationId, role) || (role === 'run-command' && /\/runCommands\//i.test(id));
  return [{ id, remediationId, role, expiresAt: tags[TAGS.expires] ?? '', usedBy, ownName }];
}
