import { describePowerOff } from '../support/power-off.ts';
import { describeInRows } from '../../support/rows.ts';

describeInRows('a VM that is only stopped for its repair, and whose disk Azure swaps like that', () => {
  describePowerOff('always', 188);
});
