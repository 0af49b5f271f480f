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
import type { NsgRuleSpec, VmSpec } from '../../../lab/arm/vm-spec.ts';
import type { RuleAnswer, SecurityRule } from '../../../shared/model/security-rule.ts';

const NAME = 'open-to-internet';
/** One of those who hammer at it, and where its administrators sit. */
export const ATTACKER = '203.0.113.11';
export const ADMINISTRATOR = '198.51.100.7';

export interface ExposedVm {
  lab: Lab;
  /** Its public address, where its RDP answers. */
  address: string;
  privateAddress: string;
  now(): number;
  /** The rules in front of it, as the service reads them. */
  rules(): Promise<SecurityRule[]>;
  put(rule: SecurityRule, before: SecurityRule | null): Promise<RuleAnswer['state']>;
  remove(rule: SecurityRule): Promise<RuleAnswer['state']>;
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
  const complete = async (asked: Promise<RuleAnswer>): Promise<RuleAnswer['state']> => {
    const answer = await asked;
    if (answer.state !== 'begun') return answer.state;
    for (let { operation } = answer; !operation.done; operation = await pollOperation(azure, operation))
      await clock.idle();
    return answer.state;
  };
  const [nic] = lab.store.networkInterfaces.within('/');
  const [publicIp] = lab.store.publicIpAddresses.within('/');
  return {
    lab,
    address: publicIp?.ipAddress ?? '',
    privateAddress: nic?.ipConfigurations[0]?.properties.privateIPAddress ?? '',
    now: () => clock.now(),
    async rules() {
      const vm = await inspectVm(azure, lab.vm(NAME).id);
      const paths = await networkSecurityGroupPaths(azure, vm);
      const groups = [...new Set(paths.flat())];
      const read = await Promise.all(groups.map((group) => readSecurityRules(azure, group, vm)));
      return read.flatMap(({ rules }) => rules);
    },
    put: (rule, before) => complete(beginPutSecurityRule(azure, rule, before)),
    remove: (rule) => complete(beginDeleteSecurityRule(azure, rule)),
    reaches: (source, port = 3389) => lab.isReachable(NAME, source, port),
    close: () => lab.close(),
  };
}
