import type { GuestDisk } from '../../windows/disk.ts';
import type { DiskBody, SnapshotBody } from '../compute/disk-schema.ts';
import type { VmProperties } from '../compute/vm-schema.ts';
import type { IpConfiguration, NicBody, SecurityRuleProperties } from '../network/network-schema.ts';
import type { LockLevel } from '../vm-spec.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** What every resource in the store has. All of it is plain JSON, so that the store can be saved as it is. */
export interface Resource {
  id: string;
  name: string;
  type: string;
  location: string;
  tags?: Record<string, string>;
  provisioningState: string;
  /** Counts changes; the etag is made of it. */
  revision: number;
}

export interface ResourceGroup extends Resource {
  type: 'Microsoft.Resources/resourceGroups';
}

export type VmPower = 'running' | 'starting' | 'stopping' | 'stopped' | 'deallocating' | 'deallocated';

export interface Extension {
  name: string;
  publisher: string;
  type: string;
  version: string;
}

export interface VirtualMachine extends Resource {
  type: 'Microsoft.Compute/virtualMachines';
  zones?: string[];
  identity?: JsonValue;
  plan?: JsonValue;
  properties: VmProperties;
  vmId: string;
  /** ISO 8601. */
  timeCreated: string;
  power: VmPower;
  /** When the last operation on it ended, ISO 8601; of one that came with the lab, when that began. */
  settledAt?: string;
  /** When it was deallocated last, in milliseconds since the epoch. */
  deallocatedAt?: number;
  generation: 'V1' | 'V2';
  osType: 'Windows' | 'Linux';
  extensions: Extension[];
  /** Content of an OS disk that is a page blob and thus no resource. */
  unmanagedOsDisk?: GuestDisk;
}

export interface Disk extends Resource {
  type: 'Microsoft.Compute/disks';
  zones?: string[];
  sku: { name: string };
  /** Id of the VM it is attached to, or on its way to. */
  managedBy?: string;
  /** Ids of further VMs that have it too: a shared disk. */
  sharedWith?: string[];
  /** On its way out of the VM. */
  detaching?: boolean;
  /** Somebody reads it through an address of its own: an export, of which nothing but its state tells. */
  exported?: boolean;
  properties: DiskBody['properties'];
  uniqueId: string;
  /** Of the disk or snapshot it was copied from. */
  sourceUniqueId?: string;
  /** When it was last attached or detached, or its VM started or deallocated; ISO 8601. */
  ownershipUpdated?: string;
  /** ISO 8601. */
  timeCreated: string;
  /** What Windows reads and writes; the attached VM's guest works on this very object. */
  content: GuestDisk;
}

export interface Snapshot extends Resource {
  type: 'Microsoft.Compute/snapshots';
  sku: { name: string };
  properties: SnapshotBody['properties'];
  uniqueId: string;
  sourceUniqueId?: string;
  familyId: string;
  /** ISO 8601. */
  timeCreated: string;
  /** When a background copy began and ends, in milliseconds since the epoch. */
  copy?: { from: number; to: number };
  content: GuestDisk;
}

export interface ManagedRunCommand extends Resource {
  type: 'Microsoft.Compute/virtualMachines/runCommands';
  vmId: string;
  /** As given, without `runAsPassword` and `protectedParameters`, which ARM never gives back. */
  properties: JsonObject;
  instanceView: JsonObject;
}

export interface NetworkInterface extends Resource {
  type: 'Microsoft.Network/networkInterfaces';
  properties: Omit<NicBody['properties'], 'ipConfigurations'>;
  ipConfigurations: IpConfiguration[];
  /** Id of the VM it is attached to. */
  virtualMachine?: string;
  /** A VM that was refused keeps it for a while; until when, in milliseconds since the epoch. */
  reserved?: { vm: string; until: number };
  macAddress: string;
  /** Internet addresses hammering whatever VM is behind it. */
  attackers: string[];
  resourceGuid: string;
}

export interface SecurityRule {
  name: string;
  properties: SecurityRuleProperties;
}

export interface NetworkSecurityGroup extends Resource {
  type: 'Microsoft.Network/networkSecurityGroups';
  rules: SecurityRule[];
  resourceGuid: string;
}

export interface PublicIpAddress extends Resource {
  type: 'Microsoft.Network/publicIPAddresses';
  sku: 'Basic' | 'Standard';
  allocation: 'Static' | 'Dynamic';
  zones?: string[];
  /** Absent while a dynamic address is not allocated. */
  ipAddress?: string;
  /** Id of the NIC's IP configuration it belongs to. */
  ipConfiguration?: string;
}

export interface Subnet {
  name: string;
  addressPrefix: string;
  networkSecurityGroup?: string;
  /** Nothing in it reaches the Internet, nor the storage accounts behind it. */
  defaultOutboundAccess?: false;
}

export interface VirtualNetwork extends Resource {
  type: 'Microsoft.Network/virtualNetworks';
  addressPrefixes: string[];
  /** What lies beyond its gateways and peerings: part of what the tag VirtualNetwork stands for (learn.microsoft.com, service-tags-overview). */
  connected?: string[];
  subnets: Subnet[];
}

/** The auto-shutdown of a VM: a resource of its own beside it, which outlives it. */
export interface Schedule extends Resource {
  type: 'Microsoft.DevTestLab/schedules';
  status: 'Enabled' | 'Disabled';
  /** `1900`, by the clocks of the zone. */
  time: string;
  /** As Windows names it: `W. Europe Standard Time`. */
  timeZoneId: string;
  targetResourceId: string;
}

export interface Lock extends Resource {
  type: 'Microsoft.Authorization/locks';
  /** The scope it is laid on. */
  scope: string;
  level: LockLevel;
  notes?: string;
}
