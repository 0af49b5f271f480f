import { WIN32, WindowsError } from '../machine/errors.ts';
import { listOf, numberOf, optionalText, textOf, type CommandSet } from './command.ts';
import { FIREWALL_RULES_KEY, newRule } from './firewall-rule.ts';

export const firewallCommands: CommandSet = {
  commands: {
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
  throughWmi: ['Set-NetFirewallRule', 'New-NetFirewallRule', 'Remove-NetFirewallRule'],
};
