import {
  hangsOnStop,
  foreignService,
  listensLate,
  listensOnLoopback,
  shareProcess,
  startsSlowly,
} from '../../../lab/fleet/faults/services.ts';
import { refuseFirewallChange, refuse } from '../../../lab/fleet/faults/refusals.ts';
import { dword } from '../../../lab/fleet/disk/registry-values.ts';
import { RDP_TCP } from '../../../lab/windows/rdp/settings.ts';
import { outcomeOf } from './support.ts';

import { type Meeting, TAKE, allTaken, deny, gateway, newPort, startOf } from './meeting.ts';

export const PORT_MEETINGS: readonly Meeting[] = [
  {
    what: 'a service that hangs when it is to stop loses its process',
    faults: [gateway, hangsOnStop('ContosoGate')],
    changes: () => [TAKE],
    words: ['freed'],
  },
  {
    what: 'RDP moves where the hung service shares its process, and the service is given back its start type',
    faults: [gateway, hangsOnStop('ContosoGate'), shareProcess('netsvcs', 'ContosoGate', 'CryptSvc')],
    changes: () => [TAKE],
    words: ['moved'],
    check: (answer, disk) => {
      expect(newPort(answer)).toBe(3390);
      expect(startOf(disk, 'ContosoGate')).toEqual(dword(2));
      expect(answer.facts?.listeners.items.map(({ services }) => services)).toEqual([['TermService']]);
    },
  },
  {
    what: 'RDP moves where the process of the hung service cannot be ended either',
    faults: [gateway, hangsOnStop('ContosoGate'), refuse('process.stop')],
    changes: () => [TAKE],
    words: ['moved'],
    check: (_, disk) => {
      expect(startOf(disk, 'ContosoGate')).toEqual(dword(2));
    },
  },
  {
    what: 'a service of several in one process is not stopped: which one listens cannot be told',
    faults: [
      gateway,
      foreignService({ name: 'ContosoMate' }),
      shareProcess('contoso', 'ContosoGate', 'ContosoMate'),
    ],
    changes: () => [TAKE],
    words: ['moved'],
    check: (_, disk) => {
      expect(startOf(disk, 'ContosoGate')).toEqual(dword(2));
      expect(startOf(disk, 'ContosoMate')).toEqual(dword(2));
    },
  },
  {
    what: 'a listener for this machine alone does not hold the port',
    faults: [gateway, listensOnLoopback('ContosoGate')],
    changes: () => [TAKE],
    words: ['stands'],
  },
  {
    what: 'a TermService that takes its time keeps its port',
    faults: [gateway, startsSlowly('TermService', 8), listensLate(20)],
    changes: () => [TAKE],
    words: ['freed'],
  },
  {
    what: 'a port counts as freed where RDP is told not to listen',
    faults: [gateway, deny],
    changes: () => [TAKE],
    words: ['freed'],
  },
  {
    what: 'no candidate is free',
    vm: 'rdp-port-stubborn',
    faults: [allTaken],
    changes: () => [TAKE],
    words: ['no-free-port'],
  },
  {
    what: 'a firewall that refuses keeps RDP where it is',
    vm: 'rdp-port-stubborn',
    faults: [refuseFirewallChange],
    changes: () => [TAKE],
    words: ['refused'],
    check: (answer) => {
      expect(outcomeOf(answer).error?.code).toBe(5);
      const key = answer.facts?.registry.find(({ path }) => path === RDP_TCP);
      expect(key?.values).toContainEqual({ name: 'PortNumber', kind: 'DWord', data: 3389 });
    },
  },
];
