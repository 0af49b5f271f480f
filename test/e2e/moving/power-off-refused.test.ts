import { describeInRows } from '../../support/rows.ts';
import { describePowerOff } from '../support/power-off.ts';

describeInRows(
  'a VM that is only stopped for its repair, on an Azure that swaps disks of deallocated VMs alone',
  () => {
    describePowerOff('deallocated', 189);
  },
);
