import type { Inspection } from '../../../shared/model/inspection.ts';
import { remediationRequestSchema } from '../../../shared/model/request.ts';
import { inspectionOf } from './inspections.ts';
import { preflight } from '../../../shared/repair/preflight.ts';
import type { PolicyDenials } from '../../../shared/model/policy-denials.ts';
import type { ByPart, Rights } from '../../../shared/model/rights.ts';
import type { Settings } from '../../../shared/model/settings.ts';

const VM_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.compute/virtualmachines/vm';

const NOTHING_MISSING: Rights = { missing: [], denied: [], unread: [] };
const ALL_RIGHTS: ByPart<Rights> = { always: NOTHING_MISSING, offline: NOTHING_MISSING };
const FOUND = inspectionOf({ vmId: VM_ID });

const decide = (
  vm: Partial<Inspection>,
  request: object = {},
  settings: Partial<Settings> = {},
  rights = ALL_RIGHTS,
  policies: PolicyDenials = { assignments: [] },
) =>
  preflight(
    { ...FOUND, ...vm },
    remediationRequestSchema.parse({ vmId: VM_ID, source: { kind: 'manual' }, ...request }),
    {
      peerAccount: false,
      takeDown: 'deallocate',
      rehearse: 'always',
      rescueSubnetId: null,
      rescueGroup: null,
      ...settings,
    },
    { rights, policies },
  );
const codes = (refusals: { code: string }[]): string[] => refusals.map(({ code }) => code);

describe('preflight', () => {
  it('lets an ordinary VM through', () => {
    expect(decide({})).toMatchObject({ refusals: [], offlineBlockers: [] });
  });

  it.each<[string, Partial<Inspection>]>([
    ['NotWindows', { osType: 'Linux' }],
    ['VmNotRunning', { powerState: 'deallocated' }],
    ['VmBusy', { provisioningState: 'Updating' }],
    ['VmBusy', { provisioningState: 'Deleting' }],
    ['ReadOnlyLock', { locks: [{ level: 'ReadOnly', scope: VM_ID.slice(0, VM_ID.indexOf('/resource')) }] }],
    ['EphemeralOsDisk', { ephemeralOsDisk: true }],
    ['UnmanagedDisk', { osDisk: null }],
  ])('refuses %s before anything is touched, and says what to do', (code, vm) => {
    const { refusals } = decide(vm);
    expect(codes(refusals)).toEqual([code]);
    expect(refusals[0]?.next).not.toBe('');
  });

  it('looks at what cannot be copied, and at what may not be deleted', () => {
    const uncopied = { ephemeralOsDisk: true, osDisk: null };
    expect(decide(uncopied, { mode: 'diagnose' }).refusals).toEqual([]);
    const group = VM_ID.slice(0, VM_ID.indexOf('/providers'));
    expect(decide({ locks: [{ level: 'CanNotDelete', scope: group }] }).refusals).toEqual([]);
  });

  it('rebuilds no VM that would lose what nobody has given up', () => {
    const vm = { rebuildLosses: ['extensions' as const] };
    const rebuild = (acceptLosses: string[]) => ({ options: { restoreWay: 'rebuild', acceptLosses } });
    expect(codes(decide(vm, rebuild([])).offlineBlockers)).toEqual(['LossesNotAccepted']);
    expect(decide(vm, rebuild(['extensions'])).offlineBlockers).toEqual([]);
    expect(decide(vm, { options: { restoreWay: 'swap' } }).offlineBlockers).toEqual([]);
  });

  it('takes no VM down whose disk has no room for the tags that say how to go back', () => {
    const withTags = (tagCount: number) => decide({ osDisk: { ...FOUND.osDisk!, tagCount } }).offlineBlockers;
    expect(withTags(46)).toEqual([]);
    expect(codes(withTags(47))).toEqual(['TooManyTags']);
  });

  it('touches nothing that a deny assignment keeps from it', () => {
    const denied = [{ scope: VM_ID, action: 'a/write', by: 'of the platform' }];
    const { refusals } = decide({}, {}, {}, { ...ALL_RIGHTS, always: { missing: [], denied, unread: [] } });
    expect(refusals.map(({ message }) => message)).toEqual([
      'A deny assignment, of the platform, forbids a/write: exclude the service from it.',
    ]);
  });

  it('tries online what it may not repair offline', () => {
    const encrypted = { osDisk: { ...FOUND.osDisk!, adeEncrypted: true } };
    expect(decide(encrypted)).toMatchObject({ refusals: [], offlineBlockers: [{ code: 'AdeEncrypted' }] });
    expect(decide(encrypted, { mode: 'online' }).offlineBlockers).toEqual([]);
  });

  it('names every right that is missing, once, by the scope where it is needed', () => {
    const scope = '/subscriptions/x/resourceGroups/rg';
    const lacks = (...actions: string[]): Rights => ({
      missing: actions.map((action) => ({ scope, action })),
      denied: [],
      unread: [],
    });
    const { refusals, offlineBlockers } = decide(
      {},
      {},
      {},
      { always: lacks('a/read', 'b/write', 'a/read'), offline: lacks('c/delete') },
    );
    expect(refusals.map(({ message }) => message)).toEqual([
      `Missing permissions on ${scope}: a/read, b/write.`,
    ]);
    expect(offlineBlockers.map(({ message }) => message)).toEqual([
      `Missing permissions on ${scope}: c/delete.`,
    ]);
  });

  it('takes no VM down without knowing whether it may start it again', () => {
    const unread: Rights = { missing: [], denied: [], unread: ['/subscriptions/x/resourceGroups/rg'] };
    const { refusals, offlineBlockers } = decide({}, {}, {}, { always: unread, offline: unread });
    expect(refusals).toEqual([]);
    expect(codes(offlineBlockers)).toEqual(['AccessDenied']);
  });

  it('takes no VM down whose change Azure Policy denies, and says where it could not be asked', () => {
    const id = '/subscriptions/x/providers/Microsoft.Authorization/policyAssignments/sizes';
    const denied = decide({}, {}, {}, ALL_RIGHTS, { assignments: [id] });
    expect(denied.refusals).toEqual([]);
    expect(codes(denied.offlineBlockers)).toEqual(['PolicyDenied']);
    expect(denied.offlineBlockers[0]?.message).toContain(id);
    const unasked = decide({}, {}, {}, ALL_RIGHTS, { assignments: null });
    expect(unasked.offlineBlockers).toEqual([]);
    expect(unasked.plan.lines.join(' ')).toContain('Azure Policy could not be checked in advance');
  });

  it('lets a lock on the group of the rescue VM stop the offline repair only', () => {
    const scope = '/subscriptions/x/resourceGroups/rg-rescue';
    for (const [level, code] of [
      ['ReadOnly', 'ReadOnlyLock'],
      ['CanNotDelete', 'DeleteLock'],
    ] as const) {
      const { refusals, offlineBlockers } = decide({ locks: [{ level, scope }] });
      expect(refusals).toEqual([]);
      expect(codes(offlineBlockers)).toEqual([code]);
    }
  });

  it('takes no confidential VM offline: its disk cannot be read elsewhere', () => {
    const confidential = { securityType: 'ConfidentialVM' };
    expect(decide(confidential).refusals).toEqual([]);
    expect(codes(decide(confidential).offlineBlockers)).toEqual(['ConfidentialVm']);
    expect(codes(decide({ securityType: 'TrustedLaunch' }).offlineBlockers)).toEqual([]);
  });

  it('lets a delete lock on the VM itself stop the rebuild only', () => {
    const locks = [{ level: 'CanNotDelete', scope: VM_ID }];
    expect(codes(decide({ locks }).offlineBlockers)).toEqual([]);
    expect(codes(decide({ locks }, { options: { restoreWay: 'rebuild' } }).offlineBlockers)).toEqual([
      'DeleteLock',
    ]);
    expect(
      codes(decide({ locks: [{ level: 'CanNotDelete', scope: '/subscriptions/x' }] }).offlineBlockers),
    ).toEqual(['DeleteLock']);
  });

  it('says which locks it could not read, and goes on', () => {
    const { refusals, plan } = decide({ unreadLocks: ['/subscriptions/x'] });
    expect(refusals).toEqual([]);
    expect(plan.lines.join(' ')).toContain('Locks on /subscriptions/x could not be read');
    expect(decide({}).plan.lines.join(' ')).not.toContain('could not be read');
  });

  it('sees a delete lock on the group behind one on the VM, in whichever order they are listed', () => {
    const onVm = { level: 'CanNotDelete', scope: VM_ID };
    const onGroup = { level: 'CanNotDelete', scope: '/subscriptions/x/resourceGroups/rg' };
    for (const locks of [
      [onVm, onGroup],
      [onGroup, onVm],
    ])
      expect(codes(decide({ locks }).offlineBlockers)).toEqual(['DeleteLock']);
  });

  it('says beforehand as whom a peer would delete the certificate, and where it cannot', () => {
    const options = { peerVmId: VM_ID };
    expect(decide({}, { options }).plan.lines.join(' ')).toContain('This does not work in a workgroup');
    expect(decide({}, { options }, { peerAccount: true }).plan.lines.join(' ')).toContain(
      'with the configured account',
    );
    expect(decide({}).plan.lines.join(' ')).not.toContain('peer');
  });

  it('names what is lost, only where the VM may be deallocated', () => {
    const nics = [
      {
        id: 'n',
        subnetId: null,
        networkSecurityGroupId: null,
        privateAddress: '10.0.0.4',
        publicAddress: '203.0.113.9',
        dynamicPublicAddress: true,
      },
    ];
    expect(decide({ nics }).plan.losses.join(' ')).toContain('203.0.113.9');
    expect(decide({ nics }, { mode: 'online' }).plan.losses).toEqual([]);
  });

  it('says of a dry run that the VM runs on, what a repair would lose, and what forbids one', () => {
    const { plan } = decide({}, { mode: 'rehearse' });
    expect(plan.downtime).toContain('None for the rehearsal');
    expect(plan.losses).not.toEqual([]);
    expect(plan.lines.join(' ')).toContain('Nothing on the VM is changed');
    const encrypted = { osDisk: { ...FOUND.osDisk!, adeEncrypted: true } };
    expect(codes(decide(encrypted, { mode: 'rehearse' }).offlineBlockers)).toEqual(['AdeEncrypted']);
  });
});
