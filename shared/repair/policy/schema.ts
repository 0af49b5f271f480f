import { z } from 'zod';
import { modeSchema, optionsSchema } from '../../model/request.ts';
import { sourcesSchema } from './caps.ts';

const guidSchema = z
  .string()
  .regex(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, 'not a subscription id (a GUID)');
const groupSchema = z.string().regex(/^[A-Za-z0-9_().*-]{1,90}$/, 'not a resource group name');
const groupNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/, 'not the name of a resource group');
const subnetSchema = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i,
    'not the resource id of a subnet',
  );
const timeSchema = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'not a time of day such as 22:30');
const daySchema = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const windowSchema = z.strictObject({
  days: z.array(daySchema).min(1).describe('The days on which the window opens.'),
  from: timeSchema.describe('When it opens, local time.'),
  to: timeSchema.describe('When it closes; at or before `from` means: on the next day.'),
});
export type MaintenanceWindow = z.infer<typeof windowSchema>;

/** When the offline repair is rehearsed before a VM goes down. */
export const rehearseSchema = z.enum(['always', 'when-serving']);

/**
 * The policy file: who may be repaired, when, how often, and how much each kind of sender gets. Everything has a default, so `{}` is a
 * policy; only no file at all allows next to nothing (`NO_POLICY`).
 */
export const policySchema = z.strictObject({
  $schema: z.string().optional(),
  killSwitch: z.boolean().default(false).describe('True: nothing at all is started.'),
  scope: z
    .strictObject({
      subscriptions: z
        .array(z.union([z.literal('*'), guidSchema]))
        .default(['*'])
        .describe('Subscriptions whose VMs may be repaired; "*" is every one the service can read.'),
      resourceGroups: z
        .array(groupSchema)
        .default(['*'])
        .describe('Resource groups whose VMs may be repaired; * stands for any characters.'),
      excludedResourceGroups: z
        .array(groupSchema)
        .default([])
        .describe('Resource groups left alone, even where the list above allows them.'),
    })
    .prefault({}),
  tag: z
    .strictObject({
      name: z.string().min(1).max(512).default('rdp-medic').describe('The tag on the VM that is read.'),
      required: z.boolean().default(false).describe('True: only VMs that carry the opt-in value.'),
      optIn: z.string().default('enabled').describe('The value that opts a VM in.'),
      optOut: z.string().default('disabled').describe('The value that opts a VM out; it always wins.'),
    })
    .prefault({}),
  maintenance: z
    .strictObject({
      timeZone: z
        .string()
        .default('UTC')
        .refine(isTimeZone, 'not a time zone name such as Europe/Zurich')
        .describe('IANA name of the zone that the windows are written in.'),
      windows: z
        .array(windowSchema)
        .max(50)
        .default([])
        .describe('When repairs may run; empty means always.'),
      modes: z.array(modeSchema).default(['full']).describe('The modes that are bound to the windows.'),
    })
    .prefault({}),
  approval: z
    .strictObject({
      modes: z
        .array(modeSchema)
        .default([])
        .describe('The modes in which a person approves before the VM is taken offline.'),
      approvers: z
        .union([z.literal(1), z.literal(2)])
        .default(1)
        .describe('How many people have to approve; two take Entra ID.'),
      notRequester: z
        .boolean()
        .default(false)
        .describe('Whoever asked for it may not approve it. Takes Entra ID, where that holds in any case.'),
    })
    .prefault({}),
  rehearse: rehearseSchema
    .default('always')
    .describe(
      'Whether the offline repair is rehearsed on a copy first; "when-serving": not where Windows shows no sign of life, so that nothing is lost by taking it down at once.',
    ),
  rescue: z
    .strictObject({
      resourceGroup: groupNameSchema
        .optional()
        .describe(
          'The resource group, in the subscription of the broken VM, in which rescue VMs are made; that of the broken VM where left out.',
        ),
      subnetId: subnetSchema
        .optional()
        .describe(
          'The subnet in which rescue VMs stand, in the region of the VMs; that of the broken VM where left out.',
        ),
    })
    .prefault({}),
  limits: z
    .strictObject({
      coolDownMinutes: z.int().min(0).max(10_080).default(30).describe('Rest between two attempts on a VM.'),
      lookCoolDownMinutes: z
        .int()
        .min(0)
        .max(1440)
        .default(10)
        .describe(
          'Rest of a VM that was found healthy, was only diagnosed, or was refused, before an alert, a ticket or a message has it looked at again.',
        ),
      ticketCoolDownMinutes: z
        .int()
        .min(0)
        .max(10_080)
        .default(60)
        .describe('How long further events of a ticket that has asked for a repair start nothing.'),
      attemptsPerDay: z.int().min(1).max(100).default(3).describe('Attempts on one VM within 24 hours.'),
      concurrentPerSubscription: z
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .describe('Remediations at once in a subscription; more wait in the queue.'),
    })
    .prefault({}),
  peers: z
    .strictObject({
      allowed: z.boolean().default(false).describe('True: a request may name a peer VM.'),
      tag: z
        .strictObject({
          name: z.string().min(1).max(512).default('rdp-medic-peer'),
          value: z.string().default('willing'),
        })
        .prefault({})
        .describe('The tag by which its owner lends a VM as a peer.'),
    })
    .prefault({})
    .describe('VMs from which the certificate of another VM of their network may be deleted.'),
  sources: sourcesSchema.describe('The most that each kind of sender gets, whatever it asks for.'),
  defaults: z
    .strictObject({
      mode: modeSchema.default('full').describe('How far an alert or a ticket that does not say may go.'),
      options: optionsSchema.prefault({}).describe('Options for what the sender leaves open.'),
    })
    .prefault({}),
});
export type Policy = z.infer<typeof policySchema>;

const NOTHING = { modes: [] };
const ONLY_LOOK = { modes: ['diagnose' as const] };

/** What holds while no file is given: whoever may call has a VM looked at; alerts, tickets and messages start nothing. */
export const NO_POLICY: Policy = policySchema.parse({
  sources: { alert: NOTHING, ticket: NOTHING, queue: NOTHING, caller: ONLY_LOOK, operator: ONLY_LOOK },
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
