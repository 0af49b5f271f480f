import type { Mutant } from './mutant.ts';

const FOLDER = 'shared/azure';
const INSPECT = 'test/shared/azure/inspect-vm.test.ts';
const REBUILD = 'test/shared/azure/rebuild-vm.test.ts';
const COPIES = 'test/shared/azure/copies.test.ts';
const SWEEP = 'test/shared/azure/sweepable.test.ts';
const AS_IT_WAS = { file: REBUILD, test: 'is what it was, with its data disks' };
const AS_PROTECTED = { file: COPIES, test: 'is as well protected as the disk' };

export const AZURE: readonly Mutant[] = [
  {
    what: 'locks of group and subscription are not read',
    file: `${FOLDER}/locks.ts`,
    from: 'const scopes = [...must, subscription, osDiskId, scopesAbove(osDiskId)[0], rescueGroupId];',
    to: 'const scopes = [vmId];',
    killedBy: { file: INSPECT, test: 'of its group and of its subscription' },
  },
  {
    what: 'encryption that the disk alone tells is not seen',
    file: `${FOLDER}/inspect-vm.ts`,
    from: 'disk.encryptionSettingsCollection?.enabled === true ||',
    to: '',
    killedBy: { file: INSPECT, test: 'encrypted inside Windows, by the word of its disk' },
  },
  {
    what: 'an ephemeral OS disk is not seen',
    file: `${FOLDER}/inspect-vm.ts`,
    from: `diffDiskSettings?.option === 'Local'`,
    to: `diffDiskSettings?.option === 'None'`,
    killedBy: { file: INSPECT, test: 'an ephemeral OS disk' },
  },
  {
    what: 'data disks go with a VM that is deleted to be rebuilt',
    file: `${FOLDER}/rebuild-vm.ts`,
    from: `dataDisks.map((disk) => ({ ...disk, deleteOption: 'Detach' }))`,
    to: 'dataDisks',
    killedBy: { file: REBUILD, test: 'is not deleted while something would be deleted with it' },
  },
  {
    what: 'a VM is deleted although something would be deleted with it',
    file: `${FOLDER}/rebuild-vm.ts`,
    from: `        if (takesAlong(vm))\n          throw`,
    to: `        if (takesAlong(vm) && vm.name === '')\n          throw`,
    killedBy: { file: REBUILD, test: 'is not deleted while something would be deleted with it' },
  },
  {
    what: 'a rebuilt VM has no data disks',
    file: `${FOLDER}/vm-definition.ts`,
    from: 'dataDisks: (storage.dataDisks ?? []).map(',
    to: 'dataDisks: (storage.dataDisks ?? []).slice(0, 0).map(',
    killedBy: AS_IT_WAS,
  },
  ...['tags', 'licenseType', 'availabilitySet', 'userData'].map((field): Mutant => ({
    what: `a rebuilt VM has lost its ${field}`,
    file: `${FOLDER}/vm-definition.ts`,
    from: `  'osProfile',\n`,
    to: `  'osProfile',\n  '${field}',\n`,
    killedBy: AS_IT_WAS,
  })),
  {
    what: 'user data is not read before a rebuild',
    file: `${FOLDER}/vm-definition.ts`,
    from: `get(resourceGroup, name, { expand: 'userData' })`,
    to: 'get(resourceGroup, name)',
    killedBy: AS_IT_WAS,
  },
  {
    what: 'the host caching of a rebuilt VM’s OS disk is another one',
    file: `${FOLDER}/vm-definition.ts`,
    from: '...(caching ? { caching } : {}),',
    to: '',
    killedBy: AS_IT_WAS,
  },
  {
    what: 'the copy is not encrypted by the customer’s key',
    file: `${FOLDER}/made-from.ts`,
    from: '...(encryption ? { encryption } : {}),',
    to: '',
    killedBy: AS_PROTECTED,
  },
  {
    what: 'the copy of a private disk can be reached from anywhere',
    file: `${FOLDER}/made-from.ts`,
    from: '...(networkAccessPolicy ? { networkAccessPolicy } : {}),',
    to: '',
    killedBy: AS_PROTECTED,
  },
  {
    what: 'the copy has another SKU',
    file: `${FOLDER}/os-disk.ts`,
    from: '...(sku?.name ? { sku: { name: sku.name } } : {}),',
    to: '',
    killedBy: AS_PROTECTED,
  },
  {
    what: 'the copy has none of the owner’s tags',
    file: `${FOLDER}/os-disk.ts`,
    from: 'madeTagsLike(original.tags, maker, role)',
    to: 'madeTagsLike(undefined, maker, role)',
    killedBy: AS_PROTECTED,
  },
  {
    what: 'the owner’s tags are wiped when the original is put aside',
    file: `${FOLDER}/os-disk.ts`,
    from: '{ ...disk.tags, ...madeTags(maker, role) }',
    to: 'madeTags(maker, role)',
    killedBy: { file: COPIES, test: 'tags of a disk’s owner stay' },
  },
  {
    what: 'the owner’s tags are wiped with ours',
    file: `${FOLDER}/os-disk.ts`,
    from: 'tags: Object.fromEntries(kept)',
    to: 'tags: {}',
    killedBy: { file: COPIES, test: 'tags of a disk’s owner stay' },
  },
  {
    what: 'somebody’s VM with our tags and a name of ours counts as unused',
    file: `${FOLDER}/made-kinds.ts`,
    from: `(tags?.[TAGS.role] === 'rescue-vm' ? null : 'its owner')`,
    to: '(tags ? null : null)',
    killedBy: { file: SWEEP, test: 'a VM that is not a rescue VM' },
  },
  {
    what: 'a disk under export counts as unused',
    file: `${FOLDER}/made-kinds.ts`,
    from: `diskState === undefined || diskState === 'Unattached' ? null`,
    to: `diskState !== 'Attached' ? null`,
    killedBy: { file: SWEEP, test: 'a disk that is exported' },
  },
  {
    what: 'what was attached since it was judged is deleted',
    file: `${FOLDER}/sweepable.ts`,
    from: 'if (found.usedBy !== null)',
    to: `if (found.usedBy === '')`,
    killedBy: { file: SWEEP, test: 'taken into use since' },
  },
  {
    what: 'what another remediation tagged since it was judged is deleted',
    file: `${FOLDER}/sweepable.ts`,
    from: 'tagged?.remediationId === judged.remediationId && tagged.role === judged.role',
    to: 'tagged !== undefined',
    killedBy: { file: SWEEP, test: 'has other tags since' },
  },
  {
    what: 'the group of the subnet is not looked at',
    file: `${FOLDER}/security-rules.ts`,
    from: '    if (subnetId) {',
    to: '    if (subnetId && path.length > 9) {',
    killedBy: { file: 'test/e2e/rdp-security-shared.test.ts', test: 'on the subnet is looked at' },
  },
  {
    what: 'a rule is written without the groups it lets in',
    file: `${FOLDER}/security-rules.ts`,
    from: '...(rule.sourceGroups.length > 0',
    to: '...(rule.sourceGroups.length > 99',
    killedBy: {
      file: 'test/shared/azure/rdp-exposure.test.ts',
      test: 'is written with its sourceApplicationSecurityGroups',
    },
  },
  {
    what: 'a VM is started after its auto-shutdown',
    file: `${FOLDER}/owners-word.ts`,
    from: 'if (!schedule || !shutsDownBetween(schedule, Date.parse(since), Date.parse(at))) return null;',
    to: 'if (!schedule || since !== at) return null;',
    killedBy: {
      file: 'test/e2e/moving/auto-shutdown.test.ts',
      test: 'once the time of its auto-shutdown has come',
    },
  },
];
