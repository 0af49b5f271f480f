import type { GuestDisk } from '../../windows/disk.ts';
import { SERVER_2019 } from '../disk/options.ts';
import { stableGuid } from '../disk/stable-id.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { DOMAIN, windowsVm } from '../windows-vm.ts';

/** VMs with nothing to repair: a healthy one, a deallocated one, a Linux one, and a peer for the others. */
export function plainVms(now: number): FleetVm[] {
  return [
    {
      spec: windowsVm({ name: 'healthy', generation: 'V2', now, azure: { zone: '1' } }),
      brokenBy: '',
      expected: { kind: 'healthy' },
    },
    {
      spec: windowsVm({ name: 'stopped', generation: 'V2', now, azure: { power: 'deallocated' } }),
      brokenBy: 'deallocated',
      expected: { kind: 'refused' },
    },
    {
      spec: {
        name: 'linux',
        generation: 'V2',
        osType: 'Linux',
        image: {
          publisher: 'Canonical',
          offer: 'ubuntu-24_04-lts',
          sku: 'server',
          version: '24.04.202410170',
        },
        osDisk: linuxDisk(),
      },
      brokenBy: 'is no Windows',
      expected: { kind: 'refused' },
    },
    {
      spec: {
        ...windowsVm({
          name: 'peer',
          generation: 'V2',
          now,
          release: SERVER_2019,
          sku: '2019-datacenter-gensecond',
          domain: DOMAIN,
        }),
        // Its owner lends it.
        tags: { 'rdp-medic-peer': 'willing' },
      },
      brokenBy: '',
      expected: { kind: 'healthy' },
    },
  ];
}

function linuxDisk(): GuestDisk {
  const identity = `{${stableGuid('disk', 'linux')}}`;
  const guid = `{${stableGuid('partition', 'linux')}}`;
  return {
    style: 'GPT',
    identity,
    partitions: [{ number: 1, kind: 'data', guid, label: 'cloudimg-rootfs', files: {} }],
  };
}
