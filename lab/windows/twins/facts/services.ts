import type { ServiceFact } from '../../../../shared/model/facts.ts';
import { same } from '../../lookup.ts';
import type { Machine } from '../../machine.ts';
import { momentOf } from '../moment.ts';
import { requireWmi } from '../failure.ts';

const NAMED: readonly string[] = [
  'TermService',
  'SessionEnv',
  'UmRdpService',
  'CertPropSvc',
  'KeyIso',
  'CryptSvc',
  'gpsvc',
  'MpsSvc',
  'BFE',
  'RpcSs',
  'Tssdis',
  'WindowsAzureGuestAgent',
];

export function readServices(machine: Machine): ServiceFact[] {
  requireWmi(machine);
  const services = machine.services.list();
  return NAMED.flatMap((name) => services.find((service) => same(service.name, name)) ?? []).map(
    ({ name, state, startType, pid, account }) => {
      const started = pid > 0 ? machine.processes.get(pid)?.startedAt : undefined;
      return {
        name,
        state,
        start: startType,
        pid,
        startedAt: started === undefined ? null : momentOf(started),
        account: account.slice(0, 256),
      };
    },
  );
}
