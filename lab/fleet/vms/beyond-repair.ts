import { corruptTermService } from '../faults/beyond-repair.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { windowsVm } from '../windows-vm.ts';

/** What no script of the runbook mends: it must end as it was found. */
export function beyondRepairVms(now: number): FleetVm[] {
  return [
    {
      spec: windowsVm({ name: 'beyond-repair', generation: 'V2', now, faults: [corruptTermService] }),
      brokenBy: "Remote Desktop's program file is damaged",
      expected: { kind: 'not-fixed' },
    },
  ];
}
