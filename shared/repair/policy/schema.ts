import * as z from 'zod';
import { modeSchema, optionsSchema } from '../../model/request.ts';
import { sourcesSchema } from './caps.ts';

const guidSchema = z
  .string()
  .regex(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, 'not a subscription id (a GUID)');
const groupSchema = z.string().regex(/^[A-Za-z0-9_().*-]{1,90}$/, 'not a resource group name');
const groupNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/, 'not a valid resource group name');
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
  killSwitch: z.boolean().default(false).describe('True: no remediation can start.'),
  scope: z
    .strictObject({
      subscriptions: z
        .array(z.union([z.literal('*'), guidSchema]))
        .default(['*'])
        .describe('Subscriptions whose VMs may be repaired; "*" means every one the service can read.'),
      resourceGroups: z
        .array(groupSchema)
        .default(['*'])
        .describe('Resource groups whose VMs may be repaired; * matches any characters.'),
      excludedResourceGroups: z
        .array(groupSchema)
        .default([])
        .describe('Resource groups to exclude, even if the list above includes them.'),
    })
    .prefault({}),
  tag: z
    .strictObject({
      name: z
        .string()
        .min(1)
        .max(512)
        .default('rdp-medic')
        .describe('The tag on the VM that opts it in or out.'),
      required: z.boolean().default(false).describe('True: only VMs that carry the opt-in value.'),
      optIn: z.string().default('enabled').describe('The value that opts a VM in.'),
      optOut: z
        .string()
        .default('disabled')
        .describe('The value that opts a VM out; it always takes precedence.'),
    })
    .prefault({}),
  maintenance: z
    .strictObject({
      timeZone: z
        .string()
        .default('UTC')
        .refine(isTimeZone, 'not a time zone name such as Europe/Zurich')
        .describe('IANA time zone of the windows.'),
      windows: z
        .array(windowSchema)
        .max(50)
        .default([])
        .describe('When repairs may run; empty means always.'),
      modes: z.array(modeSchema).default(['full']).describe('The modes that are limited to the windows.'),
    })
    .prefault({}),
  approval: z
    .strictObject({
      modes: z
        .array(modeSchema)
        .default([])
        .describe('The modes that need approval before the VM is taken offline.'),
      approvers: z
        .union([z.literal(1), z.literal(2)])
        .default(1)
        .describe('How many people must approve; two requires Entra ID.'),
      notRequester: z
        .boolean()
        .default(false)
        .describe(
          'Requesters may not approve their own requests. Requires Entra ID, where this always applies.',
        ),
    })
    .prefault({}),
  rehearse: rehearseSchema
    .default('always')
    .describe(
      'Whether the offline repair is rehearsed on a copy first; "when-serving": not if Windows shows no sign of life, because taking it down at once then loses nothing.',
    ),
  rescue: z
    .strictObject({
      resourceGroup: groupNameSchema
        .optional()
        .describe(
          'The resource group for rescue VMs, in the subscription of the broken VM; default: the resource group of the broken VM.',
        ),
      subnetId: subnetSchema
        .optional()
        .describe(
          'The subnet for rescue VMs, in the region of the VMs; default: the subnet of the broken VM.',
        ),
    })
    .prefault({}),
  limits: z
    .strictObject({
      coolDownMinutes: z
        .int()
        .min(0)
        .max(10_080)
        .default(30)
        .describe('Minimum time between two attempts on a VM.'),
      lookCoolDownMinutes: z
        .int()
        .min(0)
        .max(1440)
        .default(10)
        .describe(
          'Minimum time before an alert, a ticket or a message starts another check of a VM that was healthy, only diagnosed, or refused.',
        ),
      ticketCoolDownMinutes: z
        .int()
        .min(0)
        .max(10_080)
        .default(60)
        .describe('How long further events of a ticket that already requested a repair are ignored.'),
      attemptsPerDay: z.int().min(1).max(100).default(3).describe('Attempts on one VM within 24 hours.'),
      concurrentPerSubscription: z
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .describe('Concurrent remediations in a subscription; further ones are queued.'),
    })
    .prefault({}),
  peers: z
    .strictObject({
      allowed: z.boolean().default(false).describe('True: a request may name a peer VM.'),
      tag: z
        .strictObject({
          name: z.string().min(1).max(512).default('rdp-medic-peer').describe('Name of the tag on a peer.'),
          value: z.string().default('willing').describe('The value with which its owner allows it.'),
        })
        .prefault({})
        .describe('The tag with which an owner allows a VM to be used as a peer.'),
    })
    .prefault({})
    .describe('VMs from which the certificate of another VM on their network may be deleted.'),
  sources: sourcesSchema.describe('The limits for each kind of sender, whatever it requests.'),
  defaults: z
    .strictObject({
      mode: modeSchema.default('full').describe('The mode for alerts and tickets that do not specify one.'),
      options: optionsSchema.prefault({}).describe('Options for what the sender does not specify.'),
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
  // Without a look into Node's table of zones, which takes 20 ms of a cold start.
  if (name === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
