import type { VmSpec } from '../../arm/vm-spec.ts';
import { asItIs, neighbour, REPAIRED, refused, withDisk, withSettings, type KindGroup } from './kind.ts';

const USER_ASSIGNED = (spec: VmSpec) => ({
  [neighbour(spec, 'Microsoft.ManagedIdentity/userAssignedIdentities', 'app')]: {},
});

/** Managed identities. */
export const IDENTITY: KindGroup = {
  name: 'identity',
  title: 'Managed identity',
  kinds: [
    { name: 'no-identity', title: 'None', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    {
      name: 'system-assigned',
      title: 'System-assigned',
      dress: (spec) => ({ ...spec, identity: { type: 'SystemAssigned' } }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'A rebuilt VM has another one: a rebuild wants the loss `system-assigned-identity` accepted.',
    },
    {
      name: 'user-assigned',
      title: 'User-assigned',
      dress: (spec) => ({
        ...spec,
        identity: { type: 'UserAssigned', userAssignedIdentities: USER_ASSIGNED(spec) },
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'A rebuild takes the right to assign it, which is read beforehand.',
    },
    {
      name: 'both-identities',
      title: 'Both',
      dress: (spec) => ({
        ...spec,
        identity: { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: USER_ASSIGNED(spec) },
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'As above.',
    },
  ],
};

/** What its settings say besides. */
export const SETTINGS: KindGroup = {
  name: 'settings',
  title: 'Settings',
  kinds: [
    {
      name: 'plain',
      title: 'As the portal gives them',
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'boot-diagnostics',
      title: 'Boot diagnostics in a storage account of its own',
      dress: (spec) =>
        withSettings(spec, {
          diagnosticsProfile: {
            bootDiagnostics: { enabled: true, storageUri: 'https://contosodiag.blob.core.windows.net/' },
          },
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'licence',
      title: 'Hybrid Benefit, user data, scheduled events, applications',
      dress: (spec) => ({
        ...withSettings(spec, {
          userData: 'c2V0dGluZ3M=',
          scheduledEventsProfile: {
            terminateNotificationProfile: { enable: true, notBeforeTimeout: 'PT5M' },
          },
          applicationProfile: {
            galleryApplications: [
              {
                packageReferenceId: neighbour(
                  spec,
                  'Microsoft.Compute/galleries',
                  'g/applications/agent/versions/1.0.0',
                ),
              },
            ],
          },
        }),
        licenseType: 'Windows_Server',
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'User data is shown by Azure only when it is asked for: a rebuild asks.',
    },
    {
      name: 'hibernation',
      title: 'May hibernate',
      dress: (spec) =>
        withDisk(
          withSettings(spec, {
            additionalCapabilities: { ...spec.settings?.additionalCapabilities, hibernationEnabled: true },
          }),
          { supportsHibernation: true },
        ),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The copy may hibernate as well. One that hibernates does not run, and is refused as stopped ones are.',
    },
    {
      name: 'guest-patching',
      title: 'Automatic patching, maintenance configuration',
      dress: (spec) =>
        withSettings(spec, {
          osProfile: {
            computerName: spec.name.slice(0, 15),
            adminUsername: 'azureuser',
            windowsConfiguration: {
              provisionVMAgent: true,
              patchSettings: { patchMode: 'AutomaticByPlatform', assessmentMode: 'AutomaticByPlatform' },
            },
          },
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'A VM built around a disk has no OS profile: a rebuild wants the losses `os-profile` and `vm-id` accepted; the maintenance configuration is to be assigned again.',
    },
  ],
};

/** What else works in it. */
export const EXTENSIONS: KindGroup = {
  name: 'extensions',
  title: 'Extensions, backup and replication',
  kinds: [
    { name: 'no-extensions', title: 'None', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    {
      name: 'extensions',
      title: 'Extensions, with and without protected settings',
      dress: (spec) => ({
        ...spec,
        extensions: [
          {
            name: 'AzureMonitorWindowsAgent',
            publisher: 'Microsoft.Azure.Monitor',
            type: 'AzureMonitorWindowsAgent',
            version: '1.0',
          },
          {
            name: 'domain-join',
            publisher: 'Microsoft.Compute',
            type: 'JsonADDomainExtension',
            version: '1.3',
          },
        ],
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Nobody can read protected settings: a rebuild wants the loss `extensions` accepted.',
    },
    {
      name: 'extensions-forbidden',
      title: 'No extension allowed',
      dress: (spec) =>
        withSettings(spec, {
          osProfile: {
            computerName: spec.name.slice(0, 15),
            adminUsername: 'azureuser',
            allowExtensionOperations: false,
            windowsConfiguration: { provisionVMAgent: false },
          },
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'No script runs in it, so that only the offline repair is left.',
    },
    {
      name: 'backup',
      title: 'Azure Backup',
      dress: (spec) => ({
        ...spec,
        extensions: [
          {
            name: 'AzureBackupWindowsWorkload',
            publisher: 'Microsoft.Azure.RecoveryServices',
            type: 'VMSnapshot',
            version: '1.0',
          },
        ],
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The next backup takes the new disk. A rebuild wants the loss `vm-id` accepted.',
    },
    {
      name: 'backup-under-way',
      title: 'A backup or an update under way',
      dress: asItIs,
      surround(lab, spec) {
        lab.vm(neighbour(spec, 'Microsoft.Compute/virtualMachines', spec.name)).provisioningState =
          'Updating';
      },
      swap: refused('VmBusy'),
      rebuild: refused('VmBusy'),
      note: 'Ask again when it has ended.',
    },
    {
      name: 'site-recovery',
      title: 'Site Recovery',
      dress: (spec) => ({
        ...spec,
        extensions: [
          {
            name: 'SiteRecovery-Windows',
            publisher: 'Microsoft.Azure.RecoveryServices.SiteRecovery',
            type: 'Windows',
            version: '1.0',
          },
        ],
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The new disk is not replicated until its protection is set up again: said in the plan.',
    },
  ],
};
