import { RDP_TCP } from '../../../../shared/causes/listener.ts';
import type { Change } from '../../../../shared/model/change.ts';
import { ended, listener, listeners, onDisk, part, rule, rules, serviceIs, value } from '../facts.ts';
import type { Case } from './case.ts';

const takePort = (port: number, to = 0): Change => ({ do: 'Take-Port', set: 'CurrentControlSet', port, to });
const foreign = (change: Parameters<typeof listener>[0] = {}) =>
  listener({ pid: 700, process: 'gateway.exe', services: ['ContosoWebGateway'], canStop: true, ...change });
const TCP = 'RemoteDesktop-UserMode-In-TCP';
const UDP = rule({ name: 'RemoteDesktop-UserMode-In-UDP' });
const movedRules = rules(
  rule({ fields: 'Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3390' }),
  rule({
    name: 'RemoteDesktop-UserMode-In-UDP',
    fields: 'Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=3390',
  }),
);
const firewall = (...fields: Extract<Change, { do: 'Set-FirewallRule' }>['fields']): Change => ({
  do: 'Set-FirewallRule',
  set: 'CurrentControlSet',
  rule: TCP,
  port: 3389,
  fields,
});

const portCases: Case[] = [
  {
    what: 'a service on the port',
    cause: 'rdp-port',
    edits: [listeners(foreign())],
    finds: ['!PortTakenByService'],
    changes: [takePort(3389)],
  },
  {
    what: 'a service on the port that does not stop, on both IPs: told once',
    cause: 'rdp-port',
    edits: [listeners(foreign({ canStop: false }), foreign({ canStop: false, address: '::' }))],
    options: { newRdpPort: 3391 },
    finds: ['!PortTakenByProtectedService'],
    changes: [takePort(3389, 3391)],
  },
  {
    what: 'a driver on the port',
    cause: 'rdp-port',
    edits: [listeners(foreign({ pid: 4, process: '', services: [] }))],
    finds: ['!PortTakenByProgram'],
    changes: [takePort(3389)],
  },
  {
    what: 'somebody who listens on 127.0.0.1 alone: RDP shares its port with him',
    cause: 'rdp-port',
    edits: [listeners(listener(), foreign({ address: '127.0.0.1' }))],
    finds: [],
    changes: [],
  },
  {
    what: 'a reserved range over the port',
    cause: 'rdp-port',
    edits: [listeners(), part({ reservedPorts: { total: 1, items: [[3380, 3400]], error: null } })],
    finds: ['!PortExcluded'],
    changes: [takePort(3389)],
  },
  ...[0, 70_000, 0xffff_ffff].map((port) => ({
    what: `${port} for a port: Windows' own again`,
    cause: 'rdp-port',
    edits: [value(RDP_TCP, 'PortNumber', port), listeners()],
    finds: ['!PortInvalid'],
    changes: [takePort(port, 3389)],
  })),
  {
    what: 'no number at all for a port, which Windows takes for its own',
    cause: 'rdp-port',
    edits: [value(RDP_TCP, 'PortNumber', { kind: 'Malformed', data: '3d0d' })],
    finds: [],
    changes: [],
  },
  {
    what: 'no port, and 3389 is not to be had: the first free candidate',
    cause: 'rdp-port',
    edits: [value(RDP_TCP, 'PortNumber', 0), listeners()],
    done: [ended(takePort(0, 3389), 'no-free-port')],
    finds: ['!PortInvalid'],
    changes: [takePort(0, 0)],
  },
  {
    what: 'a port it was moved to and does not serve',
    cause: 'rdp-port',
    edits: [value(RDP_TCP, 'PortNumber', 3390), listeners(), movedRules],
    done: [ended(takePort(3389), 'not-served')],
    finds: ['!PortNotServed'],
    changes: [takePort(3390)],
  },
  {
    what: 'somebody else who answered on the wire, on a disk',
    cause: 'rdp-port',
    edits: [onDisk],
    options: { portHeldByOther: true },
    finds: ['!PortToBeMoved'],
    changes: [{ do: 'Take-Port', set: 'ControlSet001', port: 3389, to: 3390 }],
  },
  {
    what: 'a disk that was moved already',
    cause: 'rdp-port',
    edits: [onDisk, value(RDP_TCP, 'PortNumber', 3390), movedRules],
    options: { portHeldByOther: true },
    finds: [],
    changes: [],
  },
];

const firewallCases: Case[] = [
  {
    what: 'the rule off',
    cause: 'rdp-firewall',
    edits: [rules(rule({ fields: 'Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389' }), UDP)],
    finds: ['!FirewallRuleDisabled'],
    changes: [firewall('active')],
  },
  {
    what: 'the rule gone',
    cause: 'rdp-firewall',
    edits: [rules(UDP)],
    finds: ['!FirewallRuleMissing'],
    changes: [firewall('make')],
  },
  {
    what: 'the rule blocking, for another port',
    cause: 'rdp-firewall',
    edits: [rules(rule({ fields: 'Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3390' }), UDP)],
    finds: ['!FirewallRuleBlocks', '!FirewallRuleWrongPort'],
    changes: [firewall('action', 'port')],
  },
  {
    what: 'a range that holds the port',
    cause: 'rdp-firewall',
    edits: [rules(rule({ fields: 'Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=3300-3400' }), UDP)],
    finds: [],
    changes: [],
  },
  {
    what: 'only UDP wrong: RDP does without',
    cause: 'rdp-firewall',
    edits: [rules(rule())],
    finds: ['?FirewallRuleMissing'],
    changes: [],
  },
  {
    what: 'a policy rule that blocks, which is named and left',
    cause: 'rdp-firewall',
    edits: [
      rules(rule(), UDP, rule({ source: 'policy', fields: 'Action=Block|Active=TRUE|Dir=In|Protocol=6' })),
    ],
    finds: ['!FirewallRuleBlockedByPolicy'],
    changes: [],
  },
  {
    what: 'rules that could not be read: nothing is known, nothing is changed',
    cause: 'rdp-firewall',
    edits: [part({ firewallRules: { total: 0, items: [], error: { code: 5, text: 'denied' } } })],
    finds: [],
    changes: [],
  },
  {
    what: 'a firewall service that does not run: its rules are unknown',
    cause: 'rdp-firewall',
    edits: [serviceIs('MpsSvc', { state: 'Stopped', pid: 0 }), rules()],
    finds: [],
    changes: [],
  },
];

export const PORT_AND_FIREWALL: readonly Case[] = [...portCases, ...firewallCases];
