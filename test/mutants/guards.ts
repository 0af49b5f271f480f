import type { GroupName } from './groups.ts';
import { REVIEWED_AZURE } from './reviewed-azure.ts';
import { REVIEWED_STORIES } from './reviewed-stories.ts';
import { REVIEWED_TRIGGERS } from './reviewed-triggers.ts';
import type { Survivor } from './score.ts';

/**
 * Files, by group, that decide whether a VM or a disk is touched, and by whose leave. A mutant of theirs that no test notices has to be reviewed:
 * either a test is written, or it is listed below with the reason why it harms nothing.
 */
export const GUARDS: Partial<Record<GroupName, readonly string[]>> = {
  azure: ['auto-shutdown', 'deny-assignments', 'locks', 'losses', 'owners-word', 'rebuild-rights'].map(
    (name) => `shared/azure/${name}.ts`,
  ),
  calls: ['canceled-operations', 'operation', 'principal'].map((name) => `shared/azure/${name}.ts`),
  deeds: ['compare', 'made-kinds', 'rebuild-vm', 'sweepable', 'vm-power'].map(
    (name) => `shared/azure/${name}.ts`,
  ),
  intake: ['own-messages', 'tickets/authenticate'].map((name) => `shared/intake/${name}.ts`),
  activities: ['functions/activities/mandate.ts'],
  orchestrators: ['functions/orchestrators/call-off.ts'],
  repair: [
    'lost',
    'peer',
    'policy/approval',
    'policy/caps',
    'policy/maintenance',
    'policy/rules',
    'policy/source-rules',
    'standing',
    'sweep',
  ].map((name) => `shared/repair/${name}.ts`),
  triggers: [
    'admit',
    'admit-rollback',
    'authentication',
    'door',
    'places',
    'post-approval',
    'post-cancel',
    'start',
    'page/door',
  ].map((name) => `functions/triggers/${name}.ts`),
};

/** Text for people: a sentence says nothing to the code. */
export function isWords({ mutator, from }: Survivor): boolean {
  return mutator === 'StringLiteral' && /\s/.test(from.slice(1, -1).trim());
}

/** A surviving mutant of a guard that harms nothing. */
interface Reviewed {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const MILLISECOND = 'the two differ in one millisecond of weeks';
const ALWAYS_A_VM = 'the id was read by `parseVmId` before, so that it always has a value';

const SHOWN = [
  ['shared/azure/compare.ts', 'vm.storageProfile?.osDisk'],
  ['shared/azure/compare.ts', 'vm.storageProfile?.osDisk?.managedDisk'],
  ['shared/azure/rebuild-vm.ts', 'disk?.managedDisk'],
  ['shared/azure/rebuild-vm.ts', 'disk?.managedDisk?.id'],
  ['shared/azure/rebuild-vm.ts', 'networkProfile?.networkInterfaces'],
  ['shared/azure/rebuild-vm.ts', 'storageProfile?.dataDisks'],
  ['shared/azure/rebuild-vm.ts', 'storageProfile?.osDisk'],
  ['shared/azure/sweepable.ts', 'found?.usedBy'],
  ['shared/azure/sweepable.ts', 'storageProfile?.osDisk'],
  ['shared/azure/sweepable.ts', 'storageProfile?.osDisk?.managedDisk'],
  ['shared/azure/sweepable.ts', 'storageProfile?.osDisk?.managedDisk?.id'],
  ['shared/azure/sweepable.ts', 'storageProfile?.osDisk?.managedDisk?.id?.toLowerCase'],
  ['shared/azure/sweepable.ts', 'user?.storageProfile'],
  ['shared/azure/sweepable.ts', 'user?.storageProfile?.osDisk'],
  ['shared/azure/sweepable.ts', 'user?.storageProfile?.osDisk?.managedDisk'],
  ['shared/azure/sweepable.ts', 'user?.storageProfile?.osDisk?.managedDisk?.id'],
] as const;

/** As Stryker writes it: the last `?.` of a path as a plain period. */
function withoutLastQuestion(path: string): string {
  const at = path.lastIndexOf('?.');
  return `${path.slice(0, at)}.${path.slice(at + 2)}`;
}

export const REVIEWED: readonly Reviewed[] = [
  ...REVIEWED_AZURE,
  ...REVIEWED_STORIES,
  ...REVIEWED_TRIGGERS,
  ...SHOWN.map(([file, from]) => ({
    file,
    from,
    to: withoutLastQuestion(from),
    why: 'without it both forms do nothing, the one with an error: and Azure shows every VM with it',
  })),
  {
    file: 'shared/azure/compare.ts',
    from: `'; '`,
    to: `""`,
    why: 'only the sentence that tells of differences',
  },
  ...[
    ['!begun', 'false'],
    [
      'noteSchema.safeParse(await intents.read(remediationId, intent)).data?.settledAt',
      'noteSchema.safeParse(await intents.read(remediationId, intent)).data.settledAt',
    ],
    ['now !== null', 'true'],
  ].map(([from = '', to = '']) => ({
    file: 'shared/azure/compare.ts',
    from,
    to,
    why: 'of a restart without a note, or without a time: either form has it done once more, or ends with an error',
  })),
  {
    file: 'shared/azure/made-kinds.ts',
    from: 'diskState === undefined',
    to: 'false',
    why: 'a disk whose state Azure does not tell would stay',
  },
  {
    file: 'shared/azure/made-kinds.ts',
    from: 'vmId && runName',
    to: 'vmId || runName',
    why: 'the expression that finds them always finds both',
  },
  {
    file: 'shared/azure/rebuild-vm.ts',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'in place of lists that Azure always shows; of one right too many, the VM would not be deleted',
  },
  {
    file: 'shared/azure/rebuild-vm.ts',
    from: 'scope === undefined',
    to: 'false',
    why: 'every disk and network card has an id',
  },
  {
    file: 'shared/azure/sweepable.ts',
    from: '!id',
    to: 'false',
    why: 'every VM has an id',
  },
  {
    file: 'shared/azure/sweepable.ts',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'in place of a resource that is gone: text has no remediation, so that it is nothing of ours',
  },
  {
    file: 'shared/azure/vm-power.ts',
    from: `'Unknown'`,
    to: `""`,
    why: 'only `Succeeded` is compared with',
  },
  ...[
    [`''`, `"Stryker was here!"`],
    ['/^[0-9]{1,16}$/', '/[0-9]{1,16}$/'],
    ['/^[0-9]{4}-[0-9]{2}-[0-9]{2}T/', '/[0-9]{4}-[0-9]{2}-[0-9]{2}T/'],
    ['stamp === null', 'false'],
  ].map(([from = '', to = '']) => ({
    file: 'shared/intake/tickets/authenticate.ts',
    from,
    to,
    why: 'what is missing or is no moment is refused by the next step as well',
  })),
  {
    file: 'shared/intake/own-messages.ts',
    from: `'hex'`,
    to: `""`,
    why: 'another spelling of the same hash',
  },
  {
    file: 'shared/intake/tickets/authenticate.ts',
    from: 'Number(text) < 1e11',
    to: 'Number(text) <= 1e11',
    why: 'either reading of that number is years off, and refused',
  },
  {
    file: 'shared/repair/lost.ts',
    from: 'now <= Date.parse(nextSignBy)',
    to: 'now < Date.parse(nextSignBy)',
    why: MILLISECOND,
  },
  {
    file: 'shared/repair/lost.ts',
    from: 'now > Date.parse(owner.nextSignBy)',
    to: 'now >= Date.parse(owner.nextSignBy)',
    why: MILLISECOND,
  },
  {
    file: 'shared/repair/policy/maintenance.ts',
    from: 'at < until',
    to: 'at <= until',
    why: 'the end is asked for by itself in the next line',
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: `''`,
    to: `"Stryker was here!"`,
    why: `${ALWAYS_A_VM}; a source always has a kind`,
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: 'parseVmId(vmId)?.resourceGroup',
    to: 'parseVmId(vmId).resourceGroup',
    why: ALWAYS_A_VM,
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: 'parseVmId(vmId)?.subscriptionId',
    to: 'parseVmId(vmId).subscriptionId',
    why: ALWAYS_A_VM,
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: 'disrupts !== undefined',
    to: 'true',
    why: 'no list of disruptions holds `undefined`, so that the next condition says the same',
  },
  {
    file: 'shared/repair/standing.ts',
    from: `now.ownershipUpdatedAt ?? 'an unknown time'`,
    to: `now.ownershipUpdatedAt && 'an unknown time'`,
    why: 'only the sentence that tells of the difference',
  },
  {
    file: 'shared/repair/sweep.ts',
    from: 'Date.parse(moment) < now',
    to: 'Date.parse(moment) <= now',
    why: MILLISECOND,
  },
  {
    file: 'shared/repair/sweep.ts',
    from: 'now - begun < LONGEST_REMEDIATION_DAYS * DAY',
    to: 'now - begun <= LONGEST_REMEDIATION_DAYS * DAY',
    why: MILLISECOND,
  },
];
