import { startLab, type Lab } from '../../../lab/arm/start-lab.ts';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { fleetVm, makeImages } from '../../../lab/fleet/index.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import { createAzure } from '../../../shared/azure/clients.ts';
import { inspectVm } from '../../../shared/azure/inspect-vm.ts';
import { pollOperation } from '../../../shared/azure/operation.ts';
import {
  beginDeleteSecurityRule,
  beginPutSecurityRule,
  networkSecurityGroupPaths,
  readSecurityRules,
} from '../../../shared/azure/security-rules.ts';
import type { Operation } from '../../../shared/model/operation.ts';
import type { NsgRuleSpec, VmSpec } from '../../../lab/arm/vm-spec.ts';
import type { SecurityRule } from '../../../shared/model/security-rule.ts';

const NAME = 'open-to-internet';
/** One of those who hammer at it, and where its administrators sit. */
export const ATTACKER = '203.0.113.11';
export const ADMINISTRATOR = '198.51.100.7';

export interface ExposedVm {
  lab: Lab;
  /** Its public address, where its RDP answers. */
  address: string;
  now(): number;
  /** The rules in front of it, as the service reads them. */
  rules(): Promise<SecurityRule[]>;
  put(rule: SecurityRule): Promise<void>;
  remove(rule: SecurityRule): Promise<void>;
  reaches(source: string, port?: number): boolean;
  close(): Promise<void>;
}

/** The fleet's VM whose RDP is open to the world, in a simulated Azure, and the service's own way to its rules. */
export async function startExposedVm(
  options: { power?: VmSpec['power']; rules?: NsgRuleSpec[] } = {},
): Promise<ExposedVm> {
  const clock = createVirtualClock(Date.parse('2026-06-01T12:00:00Z'));
  const lab = await startLab({
    clock,
    guests: createGuestFactory({ engine: 'model' }),
    fleet: async (empty) => {
      empty.addImage(...makeImages());
      const { spec } = fleetVm(NAME, { now: clock.now() });
      const { power = 'running', rules = spec.nsgRules ?? [] } = options;
      await empty.addVm({ ...spec, power, nsgRules: rules });
    },
  });
  const azure = createAzure({
    endpoint: lab.url,
    ca: lab.caPem,
    credential: {
      getToken: () =>
        Promise.resolve({ token: lab.identity.issue(), expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
  });
  const complete = async (begun: Promise<Operation>): Promise<void> => {
    for (let operation = await begun; !operation.done; operation = await pollOperation(azure, operation))
      await clock.idle();
  };
  const [publicIp] = lab.store.publicIpAddresses.within('/');
  return {
    lab,
    address: publicIp?.ipAddress ?? '',
    now: () => clock.now(),
    async rules() {
      const paths = await networkSecurityGroupPaths(azure, await inspectVm(azure, lab.vm(NAME).id));
      const groups = [...new Set(paths.flat())];
      return (await Promise.all(groups.map((group) => readSecurityRules(azure, group)))).flat();
    },
    put: (rule) => complete(beginPutSecurityRule(azure, rule)),
    remove: (rule) => complete(beginDeleteSecurityRule(azure, rule)),
    reaches: (source, port = 3389) => lab.isReachable(NAME, source, port),
    close: () => lab.close(),
  };
}
