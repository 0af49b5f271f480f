import type { Inspection } from '../../../shared/model/inspection.ts';

const FOUND: Inspection = {
  vmId: '/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.compute/virtualmachines/vm',
  name: 'vm',
  resourceGroup: 'rg',
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  location: 'westeurope',
  zone: null,
  size: 'Standard_D2s_v5',
  tags: {},
  osType: 'Windows',
  osVersion: null,
  powerState: 'running',
  agentReady: true,
  provisioningState: 'Succeeded',
  generation: 'V2',
  securityType: null,
  architecture: null,
  diskControllerType: null,
  ephemeralOsDisk: false,
  scaleSetId: null,
  osDisk: {
    id: 'disk',
    name: 'vm-os',
    sku: 'Premium_LRS',
    sizeGb: 127,
    diskEncryptionSetId: null,
    adeEncrypted: false,
    networkAccessPolicy: null,
    tagCount: 0,
  },
  expected: null,
  image: null,
  nics: [],
  locks: [],
  unreadLocks: [],
  extensions: [],
  rebuildLosses: [],
  rebuildRights: [],
  encryptionAtHost: false,
  autoShutdown: null,
  diskEncryptionSetIds: [],
  startRisks: [],
  replicated: false,
};

/** A running Windows VM in good order, but for what is said. */
export function inspectionOf(changes: Partial<Inspection>): Inspection {
  return { ...FOUND, ...changes };
}
