import { describeOfflineRepair } from './support/offline-repair.ts';

describe('a VM whose agent is silent, its repaired disk swapped in', () => {
  describeOfflineRepair('swap', 4);
});
