import { makeFleet, type FleetVm } from '../../lab/fleet/index.ts';
import { comparableDisk } from '../../lab/windows/comparable.ts';
import { createGuestFactory } from '../../lab/windows/factory.ts';
import type { GuestFactory, ScriptEngine } from '../../lab/windows/guest.ts';
import { findPwsh } from '../../lab/windows/pwsh/runner.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { comparable } from '../support/comparable.ts';
import { itWithPwsh } from '../support/pwsh.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
/** What makes a VM the twin whose scripts run in real PowerShell. */
const TWIN = '-pwsh';
const names = makeFleet({ now })
  .filter(({ spec, cause }) => cause !== undefined || ['healthy', 'beyond-repair'].includes(spec.name))
  .map(({ spec }) => spec.name);

/** Engine of the VMs that a remediation makes for itself. */
let engineOfRescue: ScriptEngine = 'model';
const factories: Readonly<Record<ScriptEngine, GuestFactory>> = {
  model: createGuestFactory({ engine: 'model' }),
  pwsh: createGuestFactory({ engine: 'pwsh' }),
};
const engineOf = (vmName: string): ScriptEngine => {
  if (vmName.endsWith(TWIN)) return 'pwsh';
  return [...names, 'peer'].includes(vmName) ? 'model' : engineOfRescue;
};

let theatre: Theatre | undefined;
beforeAll(async () => {
  if (findPwsh() === undefined) return;
  theatre = await openTheatre(16, {
    fleet: [...makeFleet({ now }), ...makeFleet({ now }).map(twin)],
    lab: { guests: (surroundings) => factories[engineOf(surroundings.vmName)](surroundings) },
  });
});
afterAll(async () => {
  await theatre?.close();
});

describe('the whole service, once with PowerShell and once with its model', () => {
  for (const name of names) {
    itWithPwsh(`takes the same steps on ${name}, and leaves the same disk`, async () => {
      const model = await repair(name, 'model');
      const pwsh = await repair(name, 'pwsh');
      expect(pwsh.outcome).toEqual(model.outcome);
      expect(pwsh.steps).toEqual(model.steps);
      expect(pwsh.disk).toEqual(model.disk);
    });
  }
});

function twin(vm: FleetVm): FleetVm {
  return { ...vm, spec: { ...vm.spec, name: vm.spec.name + TWIN } };
}

async function repair(name: string, engine: ScriptEngine) {
  if (!theatre) throw new Error('there is no theatre');
  engineOfRescue = engine;
  const suffix = engine === 'pwsh' ? TWIN : '';
  const peerVmId = theatre.stage.lab.vm(`peer${suffix}`).id;
  const record = await theatre.remediate(name + suffix, { options: { peerVmId } });
  return {
    outcome: { kind: record.outcome?.kind, causes: record.outcome?.causes, rdpPort: record.outcome?.rdpPort },
    steps: withoutChance(stepsOf(record)),
    disk: comparableDisk(theatre.osDiskOf(name + suffix).content),
  };
}

/** What the scripts said, step by step. Evidence that counts events goes by its code: time goes on between twins. */
function stepsOf({ steps }: RemediationRecord) {
  const told = (finding: Finding) => (finding.severity === 'info' ? finding.code : finding);
  return steps.map(({ id, title, state, findings, actions, remaining, error }) => ({
    id,
    title,
    state,
    findings: findings.map(told),
    actions,
    remaining,
    error: error?.code,
  }));
}

/** Takes out names, addresses and days, in which twins differ. */
function withoutChance(value: unknown): unknown {
  const text = JSON.stringify(comparable(value))
    .replaceAll(TWIN, '')
    .replace(/\/subscriptions\/[^"\s]+/gi, 'a resource')
    .replace(/\b\d{4}-\d\d-\d\d\b/g, 'a day')
    .replace(/\b\d+\.\d+\.\d+\.\d+\b/g, 'an address');
  return JSON.parse(text);
}
