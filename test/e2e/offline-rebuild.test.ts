import { describeOfflineRepair } from './support/offline-repair.ts';

describe('a VM whose agent is silent, its repaired disk under a VM built again', () => {
  describeOfflineRepair('rebuild', 5);
});
