import type { Clock } from '../../../shared/clock.ts';
import type { GuestDisk } from '../../windows/disk.ts';
import type { Guest, GuestFactory, GuestSurroundings } from '../../windows/guest.ts';
import { isReachable, type Packet } from '../network/reachability.ts';
import { idKey, sameId } from '../store/resource-id.ts';
import type { NetworkInterface, VirtualMachine } from '../store/resources.ts';
import type { Store } from '../store/store.ts';
import { createPlainGuest } from './plain-guest.ts';

/** The guests inside the VMs: made at power on from the disks of the moment, gone at power off. */
export interface Machines {
  /** `settled`: it had been running for long when the lab began. */
  powerOn(vm: VirtualMachine, options?: { settled?: boolean }): Promise<void>;
  powerOff(vm: VirtualMachine): Promise<void>;
  restart(vm: VirtualMachine): Promise<void>;
  guest(vm: VirtualMachine): Guest | undefined;
  agent(vm: VirtualMachine): Guest['agent'];
  /** Makes the VM agent hang, as Azure sees it, or lets it speak again; a restart lets it speak as well. */
  silenceAgent(vm: VirtualMachine, silent: boolean): void;
  attachDisk(vm: VirtualMachine, lun: number, disk: GuestDisk): void;
  detachDisk(vm: VirtualMachine, lun: number): void;
  /** Whether a connection from `source` reaches the VM's port by the NSGs now in force. */
  isReachable(vm: VirtualMachine, source: string, port: Packet['port']): boolean;
  /** Powers every guest off, so that no socket is left. */
  close(): Promise<void>;
}

interface Options {
  clock: Clock;
  store: Store;
  guests: GuestFactory | undefined;
  probeSource: string;
}

export function createMachines({ clock, store, guests, probeSource }: Options): Machines {
  const running = new Map<string, { guest: Guest; dataDisks: Map<number, GuestDisk> }>();
  const silenced = new Set<string>();

  const nicOf = (vm: VirtualMachine): NetworkInterface | undefined => primaryNic(store, vm);
  const reach = (vm: VirtualMachine, source: string, port: number): boolean => {
    const nic = nicOf(vm);
    return nic !== undefined && isReachable(store, nic, source, port);
  };

  const surround = (vm: VirtualMachine, dataDisks: Map<number, GuestDisk>): GuestSurroundings => ({
    vmName: vm.name,
    clock,
    address: addressOf(store, nicOf(vm)),
    probeSource,
    attackers: nicOf(vm)?.attackers ?? [],
    diskController: vm.properties.storageProfile?.diskControllerType ?? 'SCSI',
    isReachable: (source, port) => reach(vm, source, port),
    peer(address) {
      const other = store.virtualMachines
        .within('/')
        .find((candidate) => addressesOf(store, nicOf(candidate)).includes(address));
      return other && sharesNetwork(nicOf(vm), nicOf(other))
        ? running.get(idKey(other.id))?.guest
        : undefined;
    },
    osDisk: osDiskContent(store, vm),
    dataDisks,
  });

  let closed = false;
  const machines: Machines = {
    async powerOn(vm, options) {
      await machines.powerOff(vm);
      // An operation that hangs outlives its lab, and the address may be another lab's by then.
      if (closed) return;
      const dataDisks = new Map<number, GuestDisk>();
      for (const { lun, managedDisk } of vm.properties.storageProfile?.dataDisks ?? []) {
        const disk = managedDisk?.id === undefined ? undefined : store.disks.find(managedDisk.id);
        if (disk) dataDisks.set(lun, disk.content);
      }
      const make = guests !== undefined && vm.osType === 'Windows' ? guests : createPlainGuest;
      const guest = make(surround(vm, dataDisks));
      running.set(idKey(vm.id), { guest, dataDisks });
      await guest.powerOn(options);
    },
    async powerOff(vm) {
      silenced.delete(idKey(vm.id));
      const machine = running.get(idKey(vm.id));
      running.delete(idKey(vm.id));
      await machine?.guest.powerOff();
    },
    async restart(vm) {
      silenced.delete(idKey(vm.id));
      const machine = running.get(idKey(vm.id));
      await machine?.guest.powerOff();
      await machine?.guest.powerOn();
    },
    guest: (vm) => running.get(idKey(vm.id))?.guest,
    agent(vm) {
      const agent = running.get(idKey(vm.id))?.guest.agent ?? 'Unknown';
      return agent === 'Ready' && silenced.has(idKey(vm.id)) ? 'Not Ready' : agent;
    },
    silenceAgent(vm, silent) {
      if (silent) silenced.add(idKey(vm.id));
      else silenced.delete(idKey(vm.id));
    },
    attachDisk(vm, lun, disk) {
      const machine = running.get(idKey(vm.id));
      machine?.dataDisks.set(lun, disk);
      machine?.guest.attachDisk(lun, disk);
    },
    detachDisk(vm, lun) {
      const machine = running.get(idKey(vm.id));
      machine?.dataDisks.delete(lun);
      machine?.guest.detachDisk(lun);
    },
    isReachable: reach,
    async close() {
      closed = true;
      const guests = [...running.values()].map(({ guest }) => guest);
      running.clear();
      await Promise.all(guests.map((guest) => guest.powerOff()));
    },
  };
  return machines;
}

/** The NIC marked primary, or the first. */
export function primaryNic(store: Store, vm: VirtualMachine): NetworkInterface | undefined {
  const references = vm.properties.networkProfile?.networkInterfaces ?? [];
  const reference = references.find(({ properties }) => properties?.primary) ?? references[0];
  return reference?.id === undefined ? undefined : store.networkInterfaces.find(reference.id);
}

/** Where the VM's ports listen: its public address if it has one, since that is what is probed; else the private one. */
function addressOf(store: Store, nic: NetworkInterface | undefined): string {
  const [first] = addressesOf(store, nic);
  if (first === undefined)
    throw new Error(`The network interface ${nic?.id ?? '(none)'} has no address to listen on.`);
  return first;
}

function addressesOf(store: Store, nic: NetworkInterface | undefined): string[] {
  const configuration = nic?.ipConfigurations[0]?.properties;
  const publicIp =
    configuration?.publicIPAddress && store.publicIpAddresses.find(configuration.publicIPAddress.id);
  return [publicIp?.ipAddress, configuration?.privateIPAddress].filter((address) => address !== undefined);
}

function sharesNetwork(one: NetworkInterface | undefined, other: NetworkInterface | undefined): boolean {
  const network = (nic: NetworkInterface | undefined): string | undefined =>
    nic?.ipConfigurations[0]?.properties.subnet?.id.replace(/\/subnets\/[^/]+\/?$/i, '');
  return sameId(network(one), network(other));
}

function osDiskContent(store: Store, vm: VirtualMachine): GuestDisk {
  const id = vm.properties.storageProfile?.osDisk?.managedDisk?.id;
  const content = vm.unmanagedOsDisk ?? (id === undefined ? undefined : store.disks.find(id)?.content);
  if (!content) throw new Error(`VM ${vm.name} has no OS disk.`);
  return content;
}
