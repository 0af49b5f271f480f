import { RDP_TCP } from '../../../../lab/windows/rdp/settings.ts';
import { SERVER_2016 } from '../../../../lab/fleet/disk/options.ts';
import { setInSystem } from '../../../../lab/fleet/disk/edit.ts';
import type { Fault } from '../../../../lab/fleet/faults/fault.ts';
import { blockPort, limitRdpRule } from '../../../../lab/fleet/faults/firewall.ts';
import { refuseFirewallChange } from '../../../../lab/fleet/faults/refusals.ts';
import {
  changeAccount,
  fallSilent,
  foreignService,
  hangsOnStop,
  listensLate,
  listensOnLoopback,
  removeService,
  shareProcess,
  startsSlowly,
} from '../../../../lab/fleet/faults/services.ts';
import { closeFirewall, disableAgent } from '../../../../lab/fleet/faults/settings.ts';
import { disableTls } from '../../../../lab/fleet/faults/tls.ts';
import {
  type Group,
  expectRepaired,
  expectRepairedOnline,
  faultsTold,
  type Seen,
} from '../support/stricter.ts';

const thief = foreignService({ name: 'Gateway', port: 3389 });
const port =
  (value: number): Fault =>
  (disk) => {
    setInSystem(disk, RDP_TCP, 'PortNumber', { type: 'REG_DWORD', value });
  };
const tls10Off: Fault = (disk) => {
  setInSystem(disk, 'Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.0\\Server', 'Enabled', {
    type: 'REG_DWORD',
    value: 0,
  });
};
const onPort3389 = (seen: Seen): void => {
  expectRepairedOnline(seen);
  expect(seen.machine.registry.number(`HKLM\\SYSTEM\\CurrentControlSet\\${RDP_TCP}`, 'PortNumber')).toBe(
    3389,
  );
};

export const PORT: Group = {
  title: 'port, service and firewall',
  cases: [
    {
      what: 'a service that never stops does not keep RDP away, and is left as automatic as it was if RDP moved',
      faults: [thief, hangsOnStop('Gateway')],
      expect: (seen) => {
        expectRepairedOnline(seen);
        const moved = (seen.record.outcome?.rdpPort ?? 3389) !== 3389;
        if (moved) expect(seen.machine.services.get('Gateway')?.startType).toBe('Automatic');
      },
    },
    {
      what: 'a TermService that runs and hears nothing is started anew',
      faults: [fallSilent],
      expect: expectRepairedOnline,
    },
    {
      what: 'TermService under an account that is gone gets its own back',
      faults: [changeAccount('TermService', '.\\old-admin')],
      expect: expectRepairedOnline,
    },
    {
      what: 'a TermService that listens eight seconds after its start keeps its port',
      faults: [thief, listensLate(8)],
      expect: onPort3389,
    },
    {
      what: 'a TermService that takes forty seconds to start keeps its port',
      faults: [thief, startsSlowly('TermService', 40)],
      expect: onPort3389,
    },
    ...[0, 70_000, 0xffffffff].map((value) => ({
      what: `a port of ${String(value)} becomes one`,
      faults: [port(value)],
      expect: onPort3389,
    })),
    {
      what: 'what shares a process with the thief of the port goes on as it was',
      faults: [thief, foreignService({ name: 'Backup' }), shareProcess('contoso', 'Gateway', 'Backup')],
      expect: (seen: Seen) => {
        expectRepairedOnline(seen);
        expect(seen.machine.services.get('Backup')).toMatchObject({
          state: 'Running',
          startType: 'Automatic',
        });
      },
    },
    {
      what: 'a program that has the port on 127.0.0.1 alone is no thief',
      faults: [disableTls, foreignService({ name: 'Tunnel', port: 3389 }), listensOnLoopback('Tunnel')],
      expect: (seen: Seen) => {
        onPort3389(seen);
        expect(seen.machine.services.get('Tunnel')).toMatchObject({
          state: 'Running',
          startType: 'Automatic',
        });
      },
    },
    {
      what: 'a firewall that refuses to be changed is not told to have been',
      faults: [closeFirewall, refuseFirewallChange],
      expect: ({ record }: Seen) => {
        const online = record.steps.filter(({ id }) =>
          ['rdp-port', 'certificate-and-keys', 'tls'].includes(id),
        );
        const told = online.flatMap(({ actions }) => actions.map(({ target }) => target));
        expect(told.filter((target) => target.includes('RemoteDesktop-UserMode-In-TCP'))).toEqual([]);
      },
    },
    {
      what: 'another rule that blocks the port is named',
      faults: [blockPort(3389)],
      expect: ({ text }: Seen) => {
        expect(text).toContain('Contoso-Block-RDP');
      },
    },
    {
      what: 'a rule for domain networks only is told to be the fault',
      faults: [limitRdpRule({ profile: 'Domain' })],
      expect: (seen: Seen) => {
        expect(faultsTold(seen)).not.toEqual([]);
      },
    },
    {
      what: 'a rule for an office elsewhere is told to be the fault',
      faults: [limitRdpRule({ remote: '10.20.0.0/255.255.0.0' })],
      expect: (seen: Seen) => {
        expect(faultsTold(seen)).not.toEqual([]);
      },
    },
    {
      what: 'a TermService that is not in the registry any more is told, where no agent answers',
      faults: [removeService('TermService'), disableAgent],
      expect: (seen: Seen) => {
        expect(faultsTold(seen)).not.toEqual([]);
      },
    },
    {
      what: 'a private Server 2016 without TLS 1.0 is seen to be well',
      faults: [tls10Off],
      as: { release: SERVER_2016, azure: { publicIp: false } },
      expect: ({ kind, answers }: Seen) => {
        expect({ kind, answers }).toEqual({ kind: 'healthy', answers: true });
      },
    },
    {
      what: 'a service that stops at once gives the port back as ever',
      faults: [thief],
      expect: expectRepaired,
    },
  ],
};
