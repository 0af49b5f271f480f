import { FIREWALL_RULES } from '../../windows/firewall.ts';
import { hiveText } from '../../windows/hive.ts';
import { currentControlSet, setInSystem, systemHiveOf } from '../disk/edit.ts';
import { text } from '../disk/registry-values.ts';
import type { Fault } from './fault.ts';

const RDP_RULE = 'RemoteDesktop-UserMode-In-TCP';

/** A hardening guide's rule blocks the port, whatever RDP's own rule allows. */
export function blockPort(port: number, name = 'Contoso-Block-RDP'): Fault {
  return (disk) => {
    const fields = [
      'v2.31',
      'Action=Block',
      'Active=TRUE',
      'Dir=In',
      'Protocol=6',
      `LPort=${String(port)}`,
      `Name=${name}`,
      '',
    ];
    setInSystem(disk, FIREWALL_RULES, name, text(fields.join('|')));
  };
}

/** RDP's rule holds in some profiles only, or for some addresses only. */
export function limitRdpRule({
  profile,
  remote,
}: {
  profile?: 'Domain' | 'Private';
  remote?: string;
}): Fault {
  return (disk) => {
    const key = `${currentControlSet(disk)}\\${FIREWALL_RULES}`;
    const raw = hiveText(systemHiveOf(disk), key, RDP_RULE) ?? '';
    const more = [
      ...(profile === undefined ? [] : [`Profile=${profile}`]),
      ...(remote === undefined ? [] : [`RA4=${remote}`]),
    ];
    const [version = '', ...rest] = raw.split('|');
    setInSystem(disk, FIREWALL_RULES, RDP_RULE, text([version, ...more, ...rest].join('|')));
  };
}
