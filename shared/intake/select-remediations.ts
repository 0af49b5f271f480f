import * as z from 'zod';
import { outcomeKindSchema, phaseSchema } from '../model/record.ts';
import { instanceOfRemediation } from '../model/remediation-id.ts';
import { parseVmId, vmIdSchema } from '../model/vm-id.ts';
import type { RecordSummary } from './ports.ts';

const daySchema = z.iso.date();

/** What `GET /api/remediations` is asked for. */
export const listQuerySchema = z.object({
  vm: vmIdSchema.optional().describe('Resource id of a VM.'),
  subscription: z.guid().optional().describe('Id of a subscription.'),
  state: z.enum(['running', 'ended']).optional().describe('Only running or only ended ones.'),
  phase: phaseSchema.optional().describe('Only those in this phase.'),
  outcome: outcomeKindSchema.optional().describe('Only those with this outcome.'),
  text: z
    .string()
    .max(200)
    .optional()
    .describe('Words to find in the name of the VM, its resource group, its subscription or the id.'),
  from: daySchema.optional().describe('Earliest start day, UTC.'),
  to: daySchema.optional().describe('Latest start day, UTC.'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Length of a page.'),
  after: z
    .string()
    .refine((id) => instanceOfRemediation(id) !== undefined, 'is not a remediation id')
    .optional()
    .describe('Id of the last item of the previous page: `next` in its response.'),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/** A page of a list, and how to ask for the next one. */
export interface Selection {
  readonly remediations: readonly RecordSummary[];
  /** How many there are by these filters, on all pages. */
  readonly total: number;
  readonly next?: string;
}

/**
 * What fits the filters, the newest first, a page at a time.
 * @param all the newest first
 */
export function selectRemediations(all: readonly RecordSummary[], query: ListQuery): Selection {
  const fitting = all.filter((one) => fits(one, query));
  // One that began after the page before was asked for stands before it: nothing is shown twice.
  const begin = query.after === undefined ? 0 : fitting.findIndex(({ id }) => id === query.after) + 1;
  const remediations =
    query.after !== undefined && begin === 0 ? [] : fitting.slice(begin, begin + query.limit);
  const last = remediations.at(-1)?.id;
  const isLast = begin + query.limit >= fitting.length;
  return { remediations, total: fitting.length, ...(last !== undefined && !isLast && { next: last }) };
}

function fits(
  one: RecordSummary,
  { vm, subscription, state, phase, outcome, text, from, to }: ListQuery,
): boolean {
  const day = one.startedAt.slice(0, 10);
  const ended = one.endedAt !== undefined;
  return (
    (vm === undefined || one.vmId === vm) &&
    (subscription === undefined || parseVmId(one.vmId)?.subscriptionId === subscription.toLowerCase()) &&
    (state === undefined || (state === 'ended') === ended) &&
    (phase === undefined || one.phase === phase) &&
    (outcome === undefined || one.outcome === outcome) &&
    (from === undefined || day >= from) &&
    (to === undefined || day <= to) &&
    hasWords(one, text)
  );
}

function hasWords({ id, vmId }: RecordSummary, text = ''): boolean {
  const { name = '', resourceGroup = '', subscriptionId = '' } = parseVmId(vmId) ?? {};
  const standing = [name, resourceGroup, subscriptionId, id].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => standing.includes(word));
}
