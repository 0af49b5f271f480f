import type { FirewallRuleView, Machine } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { listOf, numberOf, optionalText, textOf, type CommandSet } from './command.ts';
import { FIREWALL_RULES_KEY, newRule } from './firewall-rule.ts';

export const firewallCommands: CommandSet = {
  commands: {
    'Get-NetFirewallRule': (machine, args) => {
      const rule = localRule(machine, textOf(args, 'name'));
      return {
        Name: rule.name,
        InstanceID: rule.name,
        Enabled: rule.active ? 'True' : 'False',
        Action: rule.action,
        Direction: rule.direction === 'In' ? 'Inbound' : 'Outbound',
        Group: rule.group ?? null,
        Profile: rule.profiles.length === 0 ? 'Any' : rule.profiles.join(', '),
      };
    },
    'Get-NetFirewallAddressFilter': (machine, args) => {
      const { remoteAddresses } = localRule(machine, textOf(args, 'name'));
      return { RemoteAddress: remoteAddresses.length === 0 ? 'Any' : [...remoteAddresses] };
    },
    'Get-NetFirewallPortFilter': (machine, args) => {
      const { protocol, localPorts } = localRule(machine, textOf(args, 'name'));
      const ports = localPorts.length === 0 ? ['Any'] : localPorts;
      return {
        Protocol: protocol === 6 ? 'TCP' : protocol === 17 ? 'UDP' : 'Any',
        // One port comes as text, several as an array.
        LocalPort: ports.length === 1 ? (ports[0] ?? 'Any') : ports,
      };
    },
    'Set-NetFirewallRule': ({ firewall }, args) => {
      const enabled = optionalText(args, 'enabled');
      const action = optionalText(args, 'action');
      const localPorts = listOf(args, 'localPort');
      if (localPorts.some((port) => Number(port) > 65_535))
        throw new WindowsError(WIN32.invalidParameter, 'The port is invalid.');
      const profile = listOf(args, 'profile').flatMap((text) => text.split(/, ?/));
      const remoteAddress = listOf(args, 'remoteAddress');
      firewall.set(textOf(args, 'name'), {
        ...(enabled === undefined ? {} : { active: enabled.toLowerCase() === 'true' }),
        ...(action === undefined ? {} : { action: action.toLowerCase() === 'block' ? 'Block' : 'Allow' }),
        ...(localPorts.length === 0 ? {} : { localPorts: localPorts.filter((port) => port !== 'Any') }),
        ...(profile.length === 0 ? {} : { profiles: profile.filter((name) => name !== 'Any') }),
        ...(remoteAddress.length === 0
          ? {}
          : { remoteAddresses: remoteAddress.filter((address) => address !== 'Any') }),
      });
    },
    'Remove-NetFirewallRule': ({ firewall }, args) => {
      firewall.remove(textOf(args, 'name'));
    },
    /** Only as the script for RDP's own rules calls it. */
    'New-NetFirewallRule': ({ registry }, args) => {
      const protocol = textOf(args, 'protocol').toUpperCase() === 'TCP' ? 6 : 17;
      registry.set(FIREWALL_RULES_KEY, textOf(args, 'name'), {
        type: 'REG_SZ',
        value: newRule(protocol, numberOf(args, 'localPort')),
      });
    },
  },
  throughWmi: [
    'Get-NetFirewallRule',
    'Get-NetFirewallPortFilter',
    'Get-NetFirewallAddressFilter',
    'Set-NetFirewallRule',
    'New-NetFirewallRule',
    'Remove-NetFirewallRule',
  ],
};

/** The cmdlets read the persistent store: rules of a policy are in another one. */
function localRule({ firewall }: Machine, name: string): FirewallRuleView {
  const rule = firewall
    .rules()
    .find((candidate) => candidate.source === 'local' && candidate.name.toLowerCase() === name.toLowerCase());
  if (!rule) throw new WindowsError(WIN32.fileNotFound, `there is no firewall rule ${name}`);
  return rule;
}
