import {
  disableService,
  hangsOnStop,
  shareProcess,
  changeAccount,
  removeService,
} from '../../../lab/fleet/faults/services.ts';
import { guardStore } from '../../../lab/fleet/faults/certificate.ts';
import { blockPort } from '../../../lab/fleet/faults/firewall.ts';
import {
  installSoftwareByPolicy,
  loseDomainController,
  refreshesSlowly,
} from '../../../lab/fleet/faults/group-policy.ts';
import {
  keepKeyFromSystem,
  refuseOwnershipOfVault,
  VAULT_KEY,
} from '../../../lab/fleet/faults/machine-keys.ts';
import { breakWmi, removeProgram } from '../../../lab/fleet/faults/machine.ts';
import { refuseFirewallChange, refuse } from '../../../lab/fleet/faults/refusals.ts';
import { refusePolicyService, refuseSystemKey } from '../../../lab/fleet/faults/registry.ts';
import { windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { dword } from '../../../lab/fleet/disk/registry-values.ts';
import { RDP_TCP } from '../../../lab/windows/rdp/settings.ts';
import { hashOf, renew, restart, TCP_RULE } from './case.ts';
import { diskOf, outcomeOf } from './support.ts';

import { DENY, HOLD, LAYER, type Meeting, REFRESH, SET, TAKE, deny, gateway, startOf } from './meeting.ts';

export const MEETINGS: readonly Meeting[] = [
  {
    what: 'a refused rule is refused, and the run goes on',
    vm: 'rdp-firewall',
    faults: [refuseFirewallChange, deny],
    changes: () => [
      { do: 'Set-FirewallRule', set: SET, rule: TCP_RULE, port: 3389, fields: ['active'] },
      DENY,
    ],
    words: ['refused', 'written'],
    check: (answer) => {
      expect(outcomeOf(answer)).toMatchObject({ wrote: [], error: { code: 5 } });
    },
  },
  {
    what: 'a rule whose name is a pattern is not asked for by it',
    faults: [blockPort(3389, 'Block *')],
    changes: () => [
      { do: 'Set-FirewallRule', set: SET, rule: { blocks: hashOf('Block *') }, port: 3389, fields: ['off'] },
    ],
    words: ['refused'],
  },
  {
    what: 'a rule that nobody has is missing',
    faults: [],
    changes: () => [
      { do: 'Set-FirewallRule', set: SET, rule: { blocks: hashOf('nobody') }, port: 3389, fields: ['off'] },
    ],
    words: ['missing'],
  },
  {
    what: 'a key of Group Policy that refuses does not stop the rest, and nothing is owed',
    vm: 'rdp-denied',
    faults: [refusePolicyService],
    changes: () => [HOLD, DENY],
    words: ['refused', 'written'],
    check: (answer) => {
      expect(answer.facts?.owed).toEqual([]);
    },
  },
  {
    what: 'Group Policy held off is owed until it is given back',
    faults: [],
    changes: () => [HOLD],
    words: ['written'],
    check: (answer) => {
      expect(answer.facts?.owed).toEqual(['group-policy']);
    },
  },
  {
    what: 'no domain controller is in reach',
    faults: [loseDomainController],
    changes: () => [HOLD, REFRESH],
    words: ['written', 'no-domain-controller'],
    check: (answer, disk) => {
      expect(answer.facts?.owed).toEqual([]);
      expect(startOf(disk, 'gpsvc')).toEqual(dword(2));
    },
  },
  {
    what: 'a policy that asks gets no',
    faults: [installSoftwareByPolicy],
    changes: () => [REFRESH],
    words: ['needs-answer'],
  },
  {
    what: 'a refresh without end',
    faults: [refreshesSlowly(5_000)],
    changes: () => [REFRESH],
    words: ['timed-out'],
  },
  {
    what: 'a value that is another by now is left alone',
    vm: 'rdp-security-layer',
    faults: [],
    changes: () => [{ ...LAYER, before: { kind: 'DWord', data: 1 } }, DENY],
    words: ['moved', 'stands'],
    check: (answer) => {
      expect(outcomeOf(answer).data).toEqual([{ name: 'stands', value: '0' }]);
    },
  },
  {
    what: 'a listener whose key refuses',
    vm: 'rdp-security-layer',
    faults: [refuseSystemKey(RDP_TCP)],
    changes: (facts) => [LAYER, restart(facts)],
    words: ['refused', 'restarted'],
    check: (answer) => {
      expect(outcomeOf(answer).error?.code).toBe(5);
    },
  },
  {
    what: 'a restart that fails stays owed',
    vm: 'rdp-security-layer',
    faults: [disableService('TermService')],
    changes: (facts) => [LAYER, restart(facts)],
    words: ['written', 'disabled'],
    check: (answer) => {
      expect(answer.facts?.owed).toEqual(['restart']);
    },
  },
  {
    what: 'a TermService that hangs is ended and started',
    vm: 'rdp-security-layer',
    faults: [hangsOnStop('TermService')],
    changes: (facts) => [LAYER, restart(facts)],
    words: ['written', 'restarted'],
  },
  {
    what: 'a TermService that hangs among services a VM needs is left',
    vm: 'rdp-security-layer',
    faults: [hangsOnStop('TermService'), shareProcess('NetworkService', 'TermService', 'CryptSvc')],
    changes: (facts) => [LAYER, restart(facts)],
    words: ['written', 'hung'],
    check: (answer) => {
      expect(answer.facts?.owed).toEqual(['restart']);
    },
  },
  {
    what: 'services restart without WMI; a port is not judged without it',
    vm: 'rdp-security-layer',
    faults: [breakWmi],
    changes: (facts) => [LAYER, restart(facts), TAKE],
    words: ['written', 'restarted', 'refused'],
  },
  {
    what: 'netsh is gone',
    faults: [gateway, removeProgram('netsh.exe')],
    changes: () => [TAKE],
    words: ['freed'],
  },
  {
    what: 'a store that is guarded against this machine',
    vm: 'rdp-certificate',
    faults: [guardStore],
    changes: (facts) => [renew(facts)],
    words: ['guarded'],
    check: (answer) => {
      expect(answer.facts?.owed).toEqual([]);
    },
  },
  {
    what: 'keys of other software are left alone',
    vm: 'machine-keys',
    faults: [keepKeyFromSystem, refuseOwnershipOfVault],
    changes: () => [
      { do: 'Repair-KeyAccess', what: 'folder' },
      { do: 'Repair-KeyAccess', what: 'rdp-key' },
      { do: 'Repair-KeyAccess', what: 'bound-key' },
    ],
    words: ['repaired', 'repaired', 'missing'],
    check: (_, disk) => {
      const fresh = diskOf('machine-keys', keepKeyFromSystem);
      expect(windowsVolume(disk).files[VAULT_KEY]?.acl).toEqual(windowsVolume(fresh).files[VAULT_KEY]?.acl);
    },
  },
  {
    what: 'a folder that nobody may take does not end the run',
    vm: 'machine-keys',
    faults: [refuse('file.set-owner')],
    changes: () => [{ do: 'Repair-KeyAccess', what: 'folder' }, DENY],
    words: ['refused', 'stands'],
  },
  {
    what: 'a service that does not start says why',
    faults: [changeAccount('TermService', '.\\svc-rdp')],
    changes: () => [
      {
        do: 'Set-ServiceStart',
        set: SET,
        service: 'TermService',
        start: 'Manual',
        account: 'keep',
        run: true,
      },
      { do: 'Set-ServiceStart', set: SET, service: 'CryptSvc', start: 'keep', account: 'default', run: true },
    ],
    words: ['start-failed', 'stands'],
    check: (answer) => {
      expect(outcomeOf(answer).data).toContainEqual({ name: 'code', value: 1069 });
    },
  },
  {
    what: 'a service that is not there',
    faults: [removeService('UmRdpService')],
    changes: () => [
      {
        do: 'Set-ServiceStart',
        set: SET,
        service: 'UmRdpService',
        start: 'Manual',
        account: 'keep',
        run: false,
      },
    ],
    words: ['missing'],
  },
];
