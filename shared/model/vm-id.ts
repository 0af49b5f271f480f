import * as z from 'zod';

const SUBSCRIPTION = String.raw`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`;
const SEGMENT = String.raw`[A-Za-z0-9_().-]{1,90}`;
const VM_ID = new RegExp(
  String.raw`^/subscriptions/(${SUBSCRIPTION})` +
    String.raw`/resourceGroups/(${SEGMENT})/providers/Microsoft\.Compute/virtualMachines/(${SEGMENT})/?$`,
  'i',
);
const EXPECTED =
  'expected /subscriptions/{guid}/resourceGroups/{name}/providers/Microsoft.Compute/virtualMachines/{name}';

/** The parts of a virtual machine's resource id, lower-cased: ARM compares ids without regard to case. */
export interface VmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** The whole id in canonical (lower) case, without a trailing slash. */
  readonly id: string;
}

/** Why a text is not the id of a VM that can be repaired; `code` is a row of the error table. */
export interface VmIdFault {
  readonly code: 'RequestInvalid' | 'UniformScaleSet';
  readonly message: string;
}

/** Reads a VM resource id in any case, with or without a trailing slash; `undefined` for anything else. */
export function parseVmId(text: string): VmId | undefined {
  const match = VM_ID.exec(text);
  const [, subscriptionId, resourceGroup, name] = (match ?? []).map((part) => part.toLowerCase());
  if (!subscriptionId || !resourceGroup || !name) return undefined;
  // A resource name never ends with a period; one that does was cut out of a sentence.
  if (resourceGroup.endsWith('.') || name.endsWith('.')) return undefined;
  return {
    subscriptionId,
    resourceGroup,
    name,
    id: `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/microsoft.compute/virtualmachines/${name}`,
  };
}

/** The id of the resource group in which a resource lies. */
export function groupIdOf(id: string): string {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0] ?? id;
}

/** The name of what an id names: its last part, also of a child such as a subnet. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Another group of the same subscription. */
export function withGroup(id: string, group: string): string {
  return `${/^\/subscriptions\/[^/]+/i.exec(id)?.[0] ?? ''}/resourceGroups/${group}`;
}

/** What ids of other kinds look like, most telling first, and what to say about each. */
const OTHER_KINDS: readonly (readonly [pattern: RegExp, message: string])[] = [
  [/^arn:/i, 'the id of a resource in Amazon Web Services, not in Azure'],
  [/^(?:\/\/compute\.googleapis\.com\/|projects\/)/i, 'the id of a resource in Google Cloud, not in Azure'],
  [/^ocid1\./i, 'the id of a resource in Oracle Cloud, not in Azure'],
  [/^https?:\/\//i, 'an address, not a resource id: copy the id from the VM’s "Properties" or JSON view'],
  [/%[0-9a-f]{2}/i, 'percent-encoded: send the id itself'],
  [/^\s|\s$/, 'a value with white space around it'],
  [
    /\/Microsoft\.ClassicCompute\//i,
    'the id of a classic VM; only Azure Resource Manager VMs can be repaired',
  ],
  [/\/Microsoft\.HybridCompute\//i, 'the id of an Azure Arc machine, which has no disk in Azure'],
  [/\/virtualMachines\/[^/]+\/.+/i, 'the id of a child resource of a VM: send the id of the VM itself'],
  [/\/Microsoft\.Compute\/virtualMachineScaleSets\/[^/]+\/?$/i, 'the id of a whole scale set, not of a VM'],
];

/** Says what a text that `parseVmId` refuses is instead, without echoing it (it may hold anything). */
export function explainVmId(text: string): VmIdFault {
  if (/\/virtualMachineScaleSets\/[^/]+\/virtualMachines\/[^/]+\/?$/i.test(text)) {
    return {
      code: 'UniformScaleSet',
      message: 'this is the id of an instance of a uniform scale set: reimage the instance instead',
    };
  }
  const odd = /[^\x20-\x7e]/u.exec(text)?.[0];
  if (odd) {
    const point = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return fault(`it contains the character U+${point}, which only looks like a valid one`);
  }
  const kind = OTHER_KINDS.find(([pattern]) => pattern.test(text));
  return fault(kind ? `this is ${kind[1]}` : 'this is not the resource id of a virtual machine');
}

function fault(message: string): VmIdFault {
  return { code: 'RequestInvalid', message: `${message}; ${EXPECTED}` };
}

/** Schema of a VM resource id; its output is the canonical id, its issue carries the error code. */
export const vmIdSchema = z
  .string()
  .max(512)
  .transform((text, context) => {
    const parsed = parseVmId(text);
    if (parsed) return parsed.id;
    const { code, message } = explainVmId(text);
    context.addIssue({ code: 'custom', message, params: { code } });
    return z.NEVER;
  });
