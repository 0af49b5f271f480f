import type { Session } from '../session.ts';
import { dword, text } from '../values.ts';
import { FIREWALL_RULES, findPortFault, listenerKey, RDP_FIREWALL_RULES } from './findings.ts';
import { withPort } from './firewall.ts';
import { offlineModel } from './offline-model.ts';

const DEFAULT_PORT = 3389;

export const rdpPort = offlineModel('offline/rdp-port', {
  hives: ['SYSTEM'],
  findFaults(session, guest) {
    findPortFault(session, guest, newPortOf(session));
  },
  repairFaults(session, guest) {
    const port = newPortOf(session) || DEFAULT_PORT;
    for (const set of guest.controlSets) {
      const key = `${set}\\${FIREWALL_RULES}`;
      for (const name of Object.keys(RDP_FIREWALL_RULES)) {
        const rule = session.machine.registry.text(key, name);
        if (rule !== undefined) session.write(key, name, text(withPort(rule, port)));
      }
      session.write(listenerKey(set), 'PortNumber', dword(port));
    }
    if (port !== DEFAULT_PORT) session.facts['newPort'] = port;
  },
});

/** 0: none was given. */
function newPortOf({ parameters }: Session): number {
  return Number(parameters['NewPort'] ?? 0);
}
