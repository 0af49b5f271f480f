import { changeRule, firewallLets, FIREWALL_RULES, firewallRules } from '../firewall.ts';
import { deleteHiveValue, setHiveValue } from '../hive.ts';
import { same } from '../lookup.ts';
import { WIN32, WindowsError } from './errors.ts';
import type { Running } from './running.ts';
import type { FirewallOps, FirewallRuleView } from './system-api.ts';

export function createFirewall(running: Running): FirewallOps {
  const get = (name: string): FirewallRuleView | undefined =>
    firewallRules(running).find((rule) => same(rule.name, name) && rule.source === 'local');
  return {
    rules: () => firewallRules(running),
    get,
    set(name, change) {
      const rule = get(name);
      if (!rule) throw new WindowsError(WIN32.fileNotFound, `there is no firewall rule ${name}`);
      running.gate({ what: 'firewall.set', target: rule.name });
      setHiveValue(running.system, `${running.controlSet}\\${FIREWALL_RULES}`, rule.name, {
        type: 'REG_SZ',
        value: changeRule(rule.raw, change),
      });
    },
    remove(name) {
      const rule = get(name);
      if (!rule) throw new WindowsError(WIN32.fileNotFound, `there is no firewall rule ${name}`);
      running.gate({ what: 'firewall.remove', target: rule.name });
      deleteHiveValue(running.system, `${running.controlSet}\\${FIREWALL_RULES}`, rule.name);
    },
    lets: (protocol, port, source = running.surroundings.probeSource) =>
      firewallLets(running, protocol, port, source),
  };
}
