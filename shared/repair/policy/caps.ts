import * as z from 'zod';
import { isWithin } from '../../model/address-prefix.ts';
import { disruptionSchema } from '../../model/disruption.ts';
import {
  addressPrefixSchema,
  modeSchema,
  restoreWaySchema,
  type Mode,
  type RequestSource,
} from '../../model/request.ts';

/** Options that a sender may set otherwise than the policy's defaults; ways and addresses have a limit of their own. */
export const FREE_OPTIONS = ['newRdpPort', 'legacyTls', 'peerVmId', 'keepDays'] as const;
const freeOptionSchema = z.enum(FREE_OPTIONS);

const capSchema = z.strictObject({
  modes: z.array(modeSchema).describe('The modes it may request; empty: none.'),
  restoreWays: z.array(restoreWaySchema).describe('The ways to restore the disk that it may request.'),
  options: z.array(freeOptionSchema).describe('The options that it may set differently from `defaults`.'),
  addresses: z
    .array(z.union([z.literal('*'), addressPrefixSchema]))
    .describe(
      'Address blocks that its `adminAddresses` must lie within, in addition to those of `defaults`; "*": any.',
    ),
  approval: z.array(disruptionSchema).describe('The modes that need approval if it requested them.'),
  window: z
    .array(disruptionSchema)
    .describe('The modes that are limited to the maintenance windows if it requested them.'),
  perHour: z
    .int()
    .min(1)
    .max(10_000)
    .describe('Remediations that it may start in an hour; further ones are queued.'),
});
/** The most that a kind of source gets, whatever it asks for. */
export type Cap = z.infer<typeof capSchema>;

const ALL_MODES: Mode[] = [...modeSchema.options];
/** Of who sends by itself: what it does not say, the owner's defaults say. */
const UNATTENDED: Cap = {
  modes: ALL_MODES,
  restoreWays: ['swap'],
  options: [],
  addresses: [],
  approval: [],
  window: [],
  perHour: 60,
};
const CALLER: Cap = { ...UNATTENDED, options: ['newRdpPort', 'keepDays'], perHour: 120 };
const OPERATOR: Cap = {
  ...CALLER,
  restoreWays: [...restoreWaySchema.options],
  options: [...FREE_OPTIONS],
  addresses: ['*'],
  perHour: 1000,
};

/** A cap whose fields are, where they are left out, those of `otherwise`. */
function capOr(otherwise: Cap) {
  const { modes, restoreWays, options, addresses, approval, window, perHour } = capSchema.shape;
  return z
    .strictObject({
      modes: modes.default(otherwise.modes),
      restoreWays: restoreWays.default(otherwise.restoreWays),
      options: options.default(otherwise.options),
      addresses: addresses.default(otherwise.addresses),
      approval: approval.default(otherwise.approval),
      window: window.default(otherwise.window),
      perHour: perHour.default(otherwise.perHour),
    })
    .prefault({});
}

export const sourcesSchema = z
  .strictObject({
    alert: capOr(UNATTENDED).describe('Azure Monitor.'),
    ticket: capOr(UNATTENDED).describe('Ticket systems whose connector is not listed in `connectors`.'),
    connectors: z
      .record(z.string().regex(/^[a-z0-9-]{1,40}$/), capOr(UNATTENDED))
      .default({})
      .describe('Ticket systems, each by the name of its connector.'),
    queue: capOr(UNATTENDED).describe('Anyone who can write to the queue.'),
    caller: capOr(CALLER).describe('Callers with a function key, or with the role Request.'),
    operator: capOr(OPERATOR).describe('Callers with the role Operate.'),
  })
  .prefault({});
export type Sources = z.infer<typeof sourcesSchema>;

/** Every source that a policy tells apart. */
export type SourceName = 'alert' | 'queue' | 'caller' | 'operator' | 'ticket' | `ticket:${string}`;

/** `ticket:jira` and the like, as a query or a policy names a source. */
export const sourceNameSchema = z.custom<SourceName>(
  (name) =>
    typeof name === 'string' && /^(alert|queue|caller|operator|ticket(:[a-z0-9-]{1,40})?)$/.test(name),
  'must be one of alert, queue, caller, operator, ticket, ticket:<connector>',
);

/** Whose cap holds for a request. */
export function sourceNameOf({ kind, name }: RequestSource): SourceName {
  if (kind === 'manual') return 'caller';
  return kind === 'ticket' && name !== undefined ? `ticket:${name}` : kind;
}

/** The cap of a source. */
export function capOf(sources: Sources, source: SourceName): Cap {
  const [kind, connector] = source.split(':');
  if (connector !== undefined) return sources.connectors[connector] ?? sources.ticket;
  switch (kind) {
    case 'alert':
    case 'queue':
    case 'caller':
    case 'operator':
      return sources[kind];
    default:
      return sources.ticket;
  }
}

/** Whether an address or block lies within one of these. */
export function isCovered(address: string, blocks: readonly string[]): boolean {
  return blocks.some((block) => block === '*' || isWithin(address, block));
}
