import type { VmSpec } from '../arm/vm-spec.ts';
import type { GuestDisk } from '../windows/disk.ts';
import { giveWriter } from '../windows/writer.ts';
import { healthyDisk } from './disk/healthy-disk.ts';
import { SERVER_2022, type DiskOptions } from './disk/options.ts';
import { samHiveOf } from './disk/edit.ts';
import { list } from './disk/registry-values.ts';
import { giveCertificate, inTime } from './faults/certificate.ts';
import { imageIdentity, imageReference } from './images.ts';

/** Where administrators sit: documentation addresses (RFC 5737), the service's own among them. */
const ADMIN_ADDRESSES = '198.51.100.0/24';
export const DOMAIN = 'contoso.example';

export interface WindowsVmOptions {
  name: string;
  generation: 'V1' | 'V2';
  /** Milliseconds since the epoch: certificates are dated by it. */
  now: number;
  language?: DiskOptions['language'];
  controlSets?: readonly number[];
  domain?: string;
  release?: DiskOptions['release'];
  /** SKU of its image; a 2022 one of its generation without it. */
  sku?: string;
  /** Accounts in its local Administrators. */
  administrators?: readonly string[];
  /** A program on it writes a number each second: a lost write can be seen (`lab/windows/writer.ts`). */
  writes?: boolean;
  /** What is to be broken on the healthy disk. */
  faults?: readonly ((disk: GuestDisk) => void)[];
  /** Whatever else its specification needs. */
  azure?: Partial<Omit<VmSpec, 'name' | 'generation' | 'image' | 'osDisk'>>;
}

/** A VM made from a platform image some months ago, then broken. RDP is open to administrators only. */
export function windowsVm(options: WindowsVmOptions): VmSpec {
  const { name, generation, now, language = 'en-US', controlSets = [1], release = SERVER_2022 } = options;
  const image = imageReference(
    options.sku ?? (generation === 'V2' ? '2022-datacenter-g2' : '2022-datacenter'),
  );
  const osDisk = healthyDisk({
    computerName: name.toUpperCase().slice(0, 15),
    generation,
    release,
    identity: imageIdentity(image, generation),
    language,
    controlSets,
    ...(options.domain === undefined ? {} : { domain: options.domain }),
  });
  if (options.administrators) {
    samHiveOf(osDisk)['SAM\\Domains\\Builtin\\Aliases\\Administrators'] = {
      Members: list('azureadmin', ...options.administrators),
    };
  }
  if (options.writes === true) giveWriter(osDisk);
  giveCertificate(osDisk, inTime(now));
  for (const fault of options.faults ?? []) fault(osDisk);
  return {
    name,
    generation,
    image,
    osDisk,
    nsgRules: [
      {
        name: 'allow-rdp-admins',
        priority: 300,
        access: 'Allow',
        sources: [ADMIN_ADDRESSES],
        ports: ['3389'],
      },
    ],
    ...(generation === 'V2' ? { securityType: 'TrustedLaunch' as const } : {}),
    ...options.azure,
  };
}
