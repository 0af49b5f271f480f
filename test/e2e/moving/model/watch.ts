import type { FaultableRequest } from '../../../../lab/faults/fault.ts';
import type { Lab } from '../../../../lab/arm/start-lab.ts';
import { idKey } from '../../../../lab/arm/store/resource-id.ts';
import type { VmPower } from '../../../../lab/arm/store/resources.ts';
import { counterOn } from '../../../../lab/windows/writer.ts';
import { scopeOf, vmIdOf, type Scenario } from './scenario.ts';

/** How a VM stood when the service asked for a change of it: what that very call met. */
export interface Glimpse {
  /** Azure action, in lower case, without its provider. */
  deed: string;
  method: string;
  at: number;
  /** When the service had looked at the VM last. */
  lookedAt: number;
  power: VmPower | undefined;
  osDiskId: string;
  /** What Windows has written on the disk under the VM, and on the repaired copy. */
  written: number | undefined;
  writtenOnCopy: number | undefined;
  copyId: string | undefined;
  /** Whether Azure took it on. Known once it has been answered. */
  readonly accepted: boolean;
}

/** Looks over the service's shoulder at each call about the VMs of these runs. */
export function watch(lab: Lab, scenarios: readonly Scenario[]): Map<Scenario, Glimpse[]> {
  const seen = new Map(scenarios.map((scenario) => [scenario, [] as Glimpse[]]));
  const byGroup = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  const looks = new Map<Scenario, number>();
  const { next } = lab.faults;
  lab.faults.next = (call) => {
    const scenario = byGroup.get(/\/resourceGroups\/([^/]+)\//i.exec(call.path)?.[1]?.toLowerCase() ?? '');
    if (scenario && isAboutVm(scenario, call.path)) {
      if (call.method === 'GET') looks.set(scenario, lab.clock.now());
      else seen.get(scenario)?.push(glance(lab, scenario, call, looks.get(scenario) ?? 0));
    }
    return next(call);
  };
  return seen;
}

function isAboutVm(scenario: Scenario, path: string): boolean {
  const vm = idKey(vmIdOf(scenario));
  const asked = idKey(path);
  return asked === vm || /^\/(start|restart|deallocate|poweroff)$/.test(asked.slice(vm.length));
}

function glance(lab: Lab, scenario: Scenario, call: FaultableRequest, lookedAt: number): Glimpse {
  const { store } = lab;
  const vm = store.virtualMachines.find(vmIdOf(scenario));
  const osDiskId = vm?.properties.storageProfile?.osDisk?.managedDisk?.id;
  const disk = osDiskId === undefined ? undefined : store.disks.find(osDiskId);
  const copy = store.disks
    .within(scopeOf(scenario))
    .find(({ name }) => /^rdp-medic-.*-repair-disk$/.test(name));
  const answered = lab.requests().findLast((one) => one === call);
  return {
    deed: call.action.toLowerCase().replace('microsoft.compute/virtualmachines/', ''),
    method: call.method,
    at: lab.clock.now(),
    lookedAt,
    power: vm?.power,
    osDiskId: idKey(osDiskId ?? ''),
    written: disk && counterOn(disk.content),
    writtenOnCopy: copy && counterOn(copy.content),
    copyId: copy && idKey(copy.id),
    get accepted() {
      return answered !== undefined && answered.status > 0 && answered.status < 400;
    },
  };
}
