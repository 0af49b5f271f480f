import { z } from 'zod';

const SEGMENT = String.raw`[A-Za-z0-9_().-]{1,90}`;
const VM_ID = new RegExp(
  String.raw`^/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})` +
    String.raw`/resourceGroups/(${SEGMENT})/providers/Microsoft\.Compute/virtualMachines/(${SEGMENT})/?$`,
  'i',
);

/** The parts of a virtual machine's resource id, lower-cased: ARM compares ids without regard to case. */
export interface VmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** The whole id in canonical (lower) case, without a trailing slash. */
  readonly id: string;
}

/** Reads a VM resource id in any case, with or without a trailing slash; `undefined` for anything else. */
export function parseVmId(text: string): VmId | undefined {
  const match = VM_ID.exec(text);
  const [, subscriptionId, resourceGroup, name] = (match ?? []).map((part) => part.toLowerCase());
  if (!subscriptionId || !resourceGroup || !name || resourceGroup.endsWith('.')) return undefined;
  return {
    subscriptionId,
    resourceGroup,
    name,
    id: `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/microsoft.compute/virtualmachines/${name}`,
  };
}

/** Schema of a VM resource id; its output is the canonical id. */
export const vmIdSchema = z
  .string()
  .max(512)
  .transform((text, context) => {
    const parsed = parseVmId(text);
    if (parsed) return parsed.id;
    context.addIssue({
      code: 'custom',
      message:
        'not the resource id of a virtual machine: expected /subscriptions/{guid}/resourceGroups/{name}/providers/Microsoft.Compute/virtualMachines/{name}',
    });
    return z.NEVER;
  });
