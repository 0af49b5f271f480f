import { text } from '../values.ts';
import { FIREWALL_RULES, RDP_FIREWALL_RULES, rdpPort } from './findings.ts';
import { editFirewallRule, findFirewallFault } from './firewall.ts';
import { offlineModel } from './offline-model.ts';

export const rdpFirewall = offlineModel('offline/rdp-firewall', {
  hives: ['SYSTEM', 'SOFTWARE'],
  findFaults: findFirewallFault,
  repairFaults(session, guest) {
    for (const set of guest.controlSets) {
      const port = rdpPort(session, set);
      const key = `${set}\\${FIREWALL_RULES}`;
      for (const name of ['RemoteDesktop-UserMode-In-UDP', 'RemoteDesktop-UserMode-In-TCP'] as const) {
        const rule = session.machine.registry.text(key, name);
        session.write(key, name, text(editFirewallRule(rule, RDP_FIREWALL_RULES[name], port)));
      }
    }
  },
});
