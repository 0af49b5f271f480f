import type { GuestDisk } from '../windows/disk.ts';
import type { DiskBody } from './compute/disk-schema.ts';
import type { VmProperties } from './compute/vm-schema.ts';
import type { IpConfiguration, NicBody } from './network/network-schema.ts';
import type { JsonValue } from './store/json.ts';

export type Generation = 'V1' | 'V2';
type PowerState = 'running' | 'stopped' | 'deallocated';
type SecurityType = 'TrustedLaunch' | 'ConfidentialVM';
type DeleteOption = 'Delete' | 'Detach';
export type LockLevel = 'ReadOnly' | 'CanNotDelete';

/** Publisher, offer, SKU and version, as in a VM's `imageReference`. */
export interface ImageReference {
  publisher: string;
  offer: string;
  sku: string;
  version: string;
}

/** An image VMs can be created from in the lab. Version `latest` finds the highest version of the SKU. */
export interface ImageSpec extends ImageReference {
  generation: Generation;
  osType: 'Windows' | 'Linux';
  diskSizeGB: number;
  trustedLaunch?: boolean;
  /** A fresh disk as the image would lay it down. Disks of one image share their identity: that is the collision. */
  makeDisk(computerName: string): GuestDisk;
}

/** An inbound rule of the VM's own NSG, with the defaults of the portal left out. */
export interface NsgRuleSpec {
  name: string;
  priority: number;
  access: 'Allow' | 'Deny';
  /** Default `Tcp`. */
  protocol?: 'Tcp' | 'Udp' | 'Icmp' | '*';
  /** Prefixes or service tags; default `*`. */
  sources?: string[];
  /** Ports or ranges (`3389`, `1000-2000`, `*`). */
  ports: string[];
  /** Default `Inbound`. */
  direction?: 'Inbound' | 'Outbound';
}

export interface DataDiskSpec {
  lun: number;
  /** Default: the VM's name with the LUN appended. Two VMs that name the same share it. */
  name?: string;
  content: GuestDisk;
  diskSizeGB?: number;
  caching?: 'None' | 'ReadOnly' | 'ReadWrite';
  deleteOption?: DeleteOption;
  writeAccelerator?: true;
  /** Default `Premium_LRS`. */
  sku?: string;
  /** What else its ARM body says. */
  settings?: Partial<DiskBody['properties']>;
}

/** A network card beside the first. */
export interface OtherNicSpec {
  /** What follows the VM's name in its own. */
  name: string;
  /** It is the VM's primary one, which the first then is not. */
  primary?: true;
}

/**
 * One VM of the fleet, from which the lab builds VM, OS disk, NIC, NSG and public IP. Everything not named here
 * is what the portal would have chosen.
 */
export interface VmSpec {
  name: string;
  /** GUID; default the one that the fleet is in. */
  subscriptionId?: string;
  /** Default `rg-fleet`. */
  resourceGroup?: string;
  /** Group of its virtual network and its NSG, hub and spoke; default its own. */
  networkGroup?: string;
  /** Group of its disks; default its own. */
  diskGroup?: string;
  /** Prefixes beyond a gateway or a peering, which reach its private address. */
  reachedFrom?: readonly string[];
  /** In a subnet without a way out: what runs on it reaches no storage account. */
  withoutWayOut?: true;
  generation: Generation;
  /** `1`, `2` or `3`; regional without it. */
  zone?: string;
  /** Default: none for V1, `TrustedLaunch` is never assumed. */
  securityType?: SecurityType;
  /** Default `Windows`. A Linux VM gets no guest of the factory, only a VM agent that is Ready. */
  osType?: 'Windows' | 'Linux';
  /** Default `Standard_D2s_v5`. */
  size?: string;
  image: ImageReference;
  /** The image version of a gallery that its body names instead. */
  galleryImageId?: string;
  osDisk: GuestDisk;
  /** Default 127 for Windows, 30 for Linux. */
  osDiskSizeGB?: number;
  /** Default `ReadWrite`. */
  osDiskCaching?: NonNullable<DataDiskSpec['caching']>;
  dataDisks?: DataDiskSpec[];
  /** Default `running`. */
  power?: PowerState;
  /** Default: no NSG at all on the NIC when empty or absent. */
  nsgRules?: NsgRuleSpec[];
  /** Default true. */
  publicIp?: boolean;
  /** A dynamic public IP is lost when the VM is deallocated. Default `Static`. */
  publicIpAllocation?: 'Static' | 'Dynamic';
  /** Internet addresses hammering its RDP port. */
  attackers?: string[];
  tags?: Record<string, string>;
  locks?: {
    name: string;
    level: LockLevel;
    /** Default: on the VM. */ on?: 'vm' | 'osDisk' | 'diskGroup' | 'resourceGroup' | 'subscription';
  }[];
  /** OS disk on the host: it has no managed disk life of its own and the VM cannot be deallocated. */
  ephemeralOsDisk?: boolean;
  /** OS disk encrypted from within the guest by Azure Disk Encryption. */
  azureDiskEncryption?: boolean;
  /** OS disk is a page blob: no managed disk at all. */
  unmanagedOsDisk?: boolean;
  diskController?: 'SCSI' | 'NVMe';
  /** Default `Premium_LRS`. */
  osDiskSku?: string;
  osDiskTags?: Record<string, string>;
  /** What else the ARM bodies say of its OS disk, of itself, of its first NIC and of that one's address. */
  osDiskSettings?: Partial<DiskBody['properties']>;
  settings?: Partial<VmProperties>;
  nicSettings?: Partial<NicBody['properties']>;
  ipSettings?: Partial<IpConfiguration['properties']>;
  otherNics?: OtherNicSpec[];
  /** Its first NIC has an address of each version. */
  ipv6?: true;
  identity?: JsonValue;
  plan?: JsonValue;
  /** What happens to OS disk and NIC when the VM is deleted; default `Detach`. */
  deleteOptions?: { osDisk?: DeleteOption; nic?: DeleteOption };
  /** Id of the availability set or scale set it belongs to. */
  availabilitySetId?: string;
  scaleSetId?: string;
  licenseType?: string;
  /** That it is shut down every day at that time, `HHmm`, by the clocks of that zone, as Windows names it. */
  autoShutdown?: { time: string; timeZoneId: string; status?: 'Enabled' | 'Disabled' };
  extensions?: { name: string; publisher: string; type: string; version: string }[];
}
