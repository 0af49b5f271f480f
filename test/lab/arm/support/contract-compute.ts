import { COMPUTE, get, NETWORK, post, remove, SUBSCRIPTION, type ContractRow } from './contract.ts';

const LOCATION = `${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope`;
const IMAGE = `${LOCATION}/publishers/MicrosoftWindowsServer/artifacttypes/vmimage/offers/WindowsServer/skus/2022-datacenter-g2/versions`;

const copyOf = (id: string): object => ({
  location: 'westeurope',
  properties: { creationData: { createOption: 'Copy', sourceResourceId: id } },
});

/** The examples have it; the recorded first answers of Azure do not. */
const NO_ID_YET = /^\.id:/;

export const computeRows: readonly ContractRow[] = [
  get(
    'compute-virtualMachines-get',
    `${COMPUTE}/virtualMachines/vm1`,
    /availabilitySet|proximityPlacementGroup|applicationProfile|userData|extensionsTimeBudget|managedBy|storageUri|displayName|myTag1|resources\[\]\.tags|diskSizeGB/,
  ),
  get(
    'compute-virtualMachines-instanceView',
    `${COMPUTE}/virtualMachines/vm1/instanceView`,
    /patchStatus|extensionHandlers\[\]|ScreenshotBlobUri|screenshotBlobUri|serialConsoleLogBlobUri|message/i,
  ),
  get(
    'compute-virtualMachines-listAll',
    `${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines`,
    /nextLink/,
  ),
  get(
    'compute-virtualMachineExtensions-list',
    `${COMPUTE}/virtualMachines/vm1/extensions`,
    /instanceView|suppressFailures|forceUpdateTag|enableAutomaticUpgrade|protectedSettings|tags/,
  ),
  {
    example: 'compute-virtualMachines-update',
    method: 'PATCH',
    path: `${COMPUTE}/virtualMachines/vm1`,
    body: { tags: { a: 'b' } },
    status: 200,
    without: /toBeDetached|detachOption/,
  },
  {
    example: 'compute-virtualMachines-createOrUpdate',
    method: 'PUT',
    path: `${COMPUTE}/virtualMachines/made`,
    body: {
      location: 'westeurope',
      properties: {
        hardwareProfile: { vmSize: 'Standard_D2s_v5' },
        storageProfile: {
          imageReference: {
            publisher: 'MicrosoftWindowsServer',
            offer: 'WindowsServer',
            sku: '2022-datacenter-g2',
            version: 'latest',
          },
          osDisk: {
            name: 'made-osdisk',
            createOption: 'FromImage',
            caching: 'ReadWrite',
            managedDisk: { storageAccountType: 'Standard_LRS' },
          },
        },
        osProfile: {
          computerName: 'made',
          adminUsername: 'me',
          adminPassword: 'Long-enough-1!',
          windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true },
        },
        networkProfile: {
          networkInterfaces: [{ id: `${NETWORK}/networkInterfaces/free-nic`, properties: { primary: true } }],
        },
        diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      },
    },
    status: 201,
  },
  post(
    'compute-virtualMachines-attachDetachDataDisks',
    `${COMPUTE}/virtualMachines/vm7/attachDetachDataDisks`,
    {
      dataDisksToAttach: [{ diskId: `${COMPUTE}/disks/free` }],
    },
  ),
  post('compute-virtualMachines-start', `${COMPUTE}/virtualMachines/vm2/start`),
  post('compute-virtualMachines-deallocate', `${COMPUTE}/virtualMachines/vm3/deallocate`),
  post('compute-virtualMachines-powerOff', `${COMPUTE}/virtualMachines/vm4/powerOff`),
  post('compute-virtualMachines-reapply', `${COMPUTE}/virtualMachines/vm5/reapply`),
  remove('compute-virtualMachines-delete', `${COMPUTE}/virtualMachines/vm6`),
  post('compute-virtualMachines-runCommand', `${COMPUTE}/virtualMachines/vm7/runCommand`, {
    commandId: 'RunPowerShellScript',
  }),
  {
    example: 'compute-virtualMachineRunCommands-createOrUpdate',
    method: 'PUT',
    path: `${COMPUTE}/virtualMachines/vm7/runCommands/r`,
    body: {
      location: 'westeurope',
      tags: { tag1: 'x', tag2: 'y' },
      properties: {
        source: { script: 'x' },
        parameters: [{ name: 'a', value: 'b' }],
        runAsUser: 'user1',
        runAsPassword: 'p',
        outputBlobUri: 'https://127.0.0.1:1/a',
        errorBlobUri: 'https://127.0.0.1:1/b',
      },
    },
    status: 201,
    without: /scriptUri/,
  },
  get('compute-virtualMachineRunCommands-get', `${COMPUTE}/virtualMachines/vm7/runCommands/r`, /scriptUri/),
  get('compute-virtualMachineRunCommands-list', `${COMPUTE}/virtualMachines/vm7/runCommands`, /scriptUri/),
  remove('compute-virtualMachineRunCommands-delete', `${COMPUTE}/virtualMachines/vm7/runCommands/r`),
  get(
    'compute-disks-get',
    `${COMPUTE}/disks/vm1-osdisk`,
    /purchasePlan|supportedCapabilities|supportsHibernation|encryptionSettings\b|tags/,
  ),
  {
    example: 'compute-disks-createOrUpdate-copy',
    method: 'PUT',
    path: `${COMPUTE}/disks/copy`,
    body: copyOf(`${COMPUTE}/disks/vm1-osdisk`),
    status: 202,
    without: NO_ID_YET,
  },
  get(
    'compute-disks-list',
    `${COMPUTE}/disks`,
    /encryptionSettings|sourceUri|storageAccountId|tags|supportsHibernation|purchasePlan|nextLink/,
  ),
  {
    example: 'compute-disks-update',
    method: 'PATCH',
    path: `${COMPUTE}/disks/free`,
    body: { tags: { a: 'b' } },
    status: 202,
    without: /tier|propertyUpdatesInProgress/,
  },
  remove('compute-disks-delete', `${COMPUTE}/disks/gone`),
  {
    example: 'compute-snapshots-createOrUpdate',
    method: 'PUT',
    path: `${COMPUTE}/snapshots/s`,
    body: copyOf(`${COMPUTE}/disks/vm1-osdisk`),
    status: 202,
    without: NO_ID_YET,
  },
  get(
    'compute-snapshots-get-incremental',
    `${COMPUTE}/snapshots/incremental`,
    /purchasePlan|supportedCapabilities|supportsHibernation|encryptionSettings\b|tags/,
  ),
  remove('compute-snapshots-delete', `${COMPUTE}/snapshots/incremental`),
  get(
    'compute-resourceSkus-list',
    `${SUBSCRIPTION}/providers/Microsoft.Compute/skus?$filter=location eq 'westeurope'`,
    /zoneDetails\[\]|nextLink/,
  ),
  get('compute-usage-list', `${LOCATION}/usages`, /nextLink/),
  get('compute-virtualMachineImages-list', IMAGE, /tags|extendedLocation/),
  get(
    'compute-virtualMachineImages-get',
    `${IMAGE}/20348.2700.1`,
    /plan|dataDiskImages\[\]|tags|extendedLocation|scheduledDeprecationTime|alternativeOption/,
  ),
];
