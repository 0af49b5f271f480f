import { timestamp, type Context } from '../context.ts';
import { toJson, type JsonObject, type JsonValue } from '../store/json.ts';
import { nameOf } from '../store/resource-id.ts';
import type { VirtualMachine, VmPower } from '../store/resources.ts';

/** Build of each release, by the year its image's SKU begins with. */
const BUILDS: Record<string, string> = {
  2016: '14393.7428',
  2019: '17763.6414',
  2022: '20348.2762',
  2025: '26100.2314',
};

/** What the agent reports about the system it runs in; by the image, since the lab does not look into the disk. */
function operatingSystem({ osType, properties }: VirtualMachine): [name: string, version: string] {
  if (osType === 'Linux') return ['ubuntu', '22.04'];
  const year = /^\d{4}/.exec(properties.storageProfile?.imageReference?.sku ?? '')?.[0] ?? '2022';
  return [`Windows Server ${year} Datacenter`, `10.0.${BUILDS[year] ?? BUILDS['2022'] ?? ''}`];
}

/** The instance view (contract, 4.4): run-time state, of which the model knows nothing. */
export function instanceView(context: Context, vm: VirtualMachine): JsonValue {
  const time = timestamp(context.clock);
  const [osName, osVersion] = operatingSystem(vm);
  const { osDisk, dataDisks = [] } = vm.properties.storageProfile ?? {};
  const diskNames = [osDisk, ...dataDisks].map((disk) => disk?.name ?? nameOf(disk?.managedDisk?.id ?? ''));
  return toJson({
    ...(vm.power === 'running' && {
      computerName: vm.properties.osProfile?.computerName ?? vm.name,
      osName,
      osVersion,
    }),
    hyperVGeneration: vm.generation,
    platformUpdateDomain: 0,
    platformFaultDomain: 0,
    vmAgent: vmAgent(context, vm, time),
    disks: diskNames.map((name) => ({ name, statuses: [provisioned(time)] })),
    ...(vm.extensions.length > 0 && {
      extensions: vm.extensions.map(({ name, publisher, type, version }) => ({
        name,
        type: `${publisher}.${type}`,
        typeHandlerVersion: version,
        statuses: [provisioned(time)],
      })),
    }),
    bootDiagnostics: {},
    isVMInStandbyPool: false,
    statuses: [provisioning(vm), powerStatus(vm.power)],
  });
}

function vmAgent(context: Context, vm: VirtualMachine, time: string): JsonObject | undefined {
  // The agent's last word is gone with the host.
  if (vm.power === 'deallocated' || vm.power === 'stopped') return undefined;
  if (context.machines.agent(vm) === 'Ready') {
    const message = 'GuestAgent is running and processing the extensions.';
    const status = {
      code: 'ProvisioningState/succeeded',
      level: 'Info',
      displayStatus: 'Ready',
      message,
      time,
    };
    return {
      vmAgentVersion: vm.osType === 'Windows' ? '2.7.41491.1172' : '2.11.1.4',
      statuses: [status],
      extensionHandlers: [],
    };
  }
  const message = 'VM status blob not found.';
  const status = {
    code: 'ProvisioningState/Unavailable',
    level: 'Warning',
    displayStatus: 'Not Ready',
    message,
    time,
  };
  return { vmAgentVersion: 'Unknown', statuses: [status] };
}

function provisioned(time: string): JsonObject {
  return {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    time,
  };
}

/**
 * The time is that of the last operation, restarts and updates of extensions included ("non-model changes ... fall under the updating
 * state": learn.microsoft.com, virtual-machines/states-billing, provisioning states); while one is at work, the examples there have none.
 */
function provisioning({ provisioningState, settledAt, timeCreated }: VirtualMachine): JsonObject {
  const state = provisioningState.toLowerCase();
  const level = state === 'failed' ? 'Error' : 'Info';
  return {
    code: `ProvisioningState/${state}`,
    level,
    displayStatus: provisioningState === 'Succeeded' ? 'Provisioning succeeded' : provisioningState,
    ...(SETTLED.includes(provisioningState) && { time: settledAt ?? timeCreated }),
  };
}

const SETTLED: readonly string[] = ['Succeeded', 'Failed'];

function powerStatus(power: VmPower): JsonObject {
  return { code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` };
}
