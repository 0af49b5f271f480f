import { readRoleDefinition } from '../../../lab/arm/access/roles.ts';
import type { Inspection } from '../../../shared/model/inspection.ts';
import { remediationRequestSchema } from '../../../shared/model/request.ts';
import { neededRights } from '../../../shared/repair/needed-rights.ts';
import type { Settings } from '../../../shared/model/settings.ts';
import { groupIdOf } from '../../../shared/model/vm-id.ts';
import { inspectionOf } from './inspections.ts';

const FOUND = inspectionOf({});
const SETTINGS: Settings = {
  peerAccount: false,
  takeDown: 'deallocate',
  rehearse: 'always',
  rescueSubnetId: null,
  rescueGroup: null,
};

const needed = (request: object, vm: Partial<Inspection> = {}) => {
  const found = { ...FOUND, ...vm };
  const parsed = remediationRequestSchema.parse({
    vmId: FOUND.vmId,
    source: { kind: 'manual' },
    ...request,
  });
  const { always, offline } = neededRights(found, parsed, SETTINGS);
  return {
    always: always.flatMap(({ actions }) => actions),
    offline: offline.flatMap(({ actions }) => actions),
  };
};

describe('the rights that are needed', () => {
  it.each(['diagnose', 'online', 'rehearse', 'full'])('for %s are all in the role', (mode) => {
    const { always, offline } = needed({ mode, options: { restoreWay: 'rebuild' } });
    for (const action of [...always, ...offline]) expect(readRoleDefinition().Actions).toContain(action);
  });

  it('to look are those to run a script, and no more', () => {
    const { always, offline } = needed({ mode: 'diagnose' });
    expect(offline).toEqual([]);
    expect(always.filter((action) => !/runCommands|operations\/read$/.test(action))).toEqual([]);
  });

  it('to rehearse take nothing down', () => {
    const all = Object.values(needed({ mode: 'rehearse' })).flat();
    expect(all.filter((action) => /deallocate|powerOff|start\/|restart/.test(action))).toEqual([]);
  });

  it('to build a VM again are those on what its definition refers to as well', () => {
    const rebuildRights = [{ scope: '/identity', actions: ['assign'] }];
    expect(needed({ options: { restoreWay: 'rebuild' } }, { rebuildRights }).offline).toContain('assign');
    expect(needed({ options: { restoreWay: 'swap' } }, { rebuildRights }).offline).not.toContain('assign');
  });

  it('to make a rescue VM are those on the group in which it is to stand', () => {
    const request = remediationRequestSchema.parse({ vmId: FOUND.vmId, source: { kind: 'manual' } });
    const scopes = (settings: Settings): string[] =>
      neededRights(FOUND, request, settings)
        .offline.filter(({ actions }) =>
          actions.some((action) => action.endsWith('/networkInterfaces/write')),
        )
        .map(({ scope }) => scope);
    expect(scopes(SETTINGS)).toEqual([groupIdOf(FOUND.vmId)]);
    expect(scopes({ ...SETTINGS, rescueGroup: 'rg-rescue' })).toEqual([
      `/subscriptions/${FOUND.subscriptionId}/resourceGroups/rg-rescue`,
    ]);
  });

  it('on a subnet are those on the one in which the rescue VM is to stand', () => {
    const rescueSubnetId = '/subscriptions/s/resourceGroups/rg/providers/x/subnets/rescue';
    const request = remediationRequestSchema.parse({ vmId: FOUND.vmId, source: { kind: 'manual' } });
    const { offline } = neededRights(FOUND, request, { ...SETTINGS, rescueSubnetId });
    expect(offline).toContainEqual({
      scope: rescueSubnetId,
      actions: [
        'Microsoft.Network/virtualNetworks/subnets/join/action',
        'Microsoft.Network/virtualNetworks/subnets/read',
      ],
    });
  });
});
