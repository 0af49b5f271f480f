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
      note: 'A rebuilt VM has a new identity: the loss `system-assigned-identity` must be accepted.',
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
      note: 'A rebuild needs the right to assign it, which is checked in advance.',
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
      title: 'Portal defaults',
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'boot-diagnostics',
      title: 'Boot diagnostics in a custom storage account',
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
      note: 'Azure returns user data only on request, so a rebuild requests it.',
    },
    {
      name: 'hibernation',
      title: 'Hibernation enabled',
      dress: (spec) =>
        withDisk(
          withSettings(spec, {
            additionalCapabilities: { ...spec.settings?.additionalCapabilities, hibernationEnabled: true },
          }),
          { supportsHibernation: true },
        ),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The copy has hibernation enabled too. A hibernated VM is refused like a stopped one.',
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
      note: 'A VM created from a disk has no OS profile: the losses `os-profile` and `vm-id` must be accepted; the maintenance configuration must be assigned again.',
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
      note: 'Protected settings cannot be read: for a rebuild, the loss `extensions` must be accepted.',
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
      note: 'Scripts cannot run in it, so only an offline repair is possible.',
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
      note: 'The next backup includes the new disk. For a rebuild, the loss `vm-id` must be accepted.',
    },
    {
      name: 'backup-under-way',
      title: 'A backup or an update in progress',
      dress: asItIs,
      surround(lab, spec) {
        lab.vm(neighbour(spec, 'Microsoft.Compute/virtualMachines', spec.name)).provisioningState =
          'Updating';
      },
      swap: refused('VmBusy'),
      rebuild: refused('VmBusy'),
      note: 'Try again when it has finished.',
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
      note: 'The new disk is not replicated until protection is set up again: the plan says so.',
    },
  ],
};
