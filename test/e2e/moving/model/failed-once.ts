import { scenarioOf, vmIdOf, type Scenario } from './scenario.ts';

/** Runs that once showed a defect, or that alone show one that was put in to try, by what it is: one in three where not all rows are asked for. They run under the numbers after the last one of any other run. */
const FAILED_ONCE: Readonly<Record<string, Omit<Scenario, 'name' | 'subscriptionId'>>> = {
  'Windows ran on the copy unheard of, and nobody was told that its writes were given up': {
    vm: 'tls',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'rebuild',
    behaviour: 3,
    person: { answers: { after: 0, approved: true } },
    actors:
      'network: after 3 Microsoft.Compute/virtualMachines/runCommands/write@/$name/ +1s -> nic drop-nsg on $vm',
    faults: '',
  },
  'the VM was down when the repair broke off, and nothing was registered that would start it': {
    vm: 'tls',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'swap',
    behaviour: 0,
    person: { answers: { after: 0, approved: true } },
    actors:
      'owner: once Microsoft.Compute/virtualMachines/deallocate/action@/$name/ +60s -> delete role:rescue-vm on $vm',
    faults: '',
  },
  'its owner deallocated the VM while we restarted it, and it was started, since the restart had broken off':
    {
      vm: 'schannel-algorithms',
      silent: false,
      hopeless: false,
      mode: 'full',
      way: 'rebuild',
      behaviour: 0,
      person: {},
      actors: 'owner: 1 Microsoft.Compute/virtualMachines/restart/action@/$name/ ~> start, deallocate on $vm',
      faults: '',
    },
  'the right to look at the safety snapshot was taken away while it was made, and nobody ever deleted it': {
    vm: 'rdp-firewall',
    silent: false,
    hopeless: false,
    mode: 'full',
    way: 'swap',
    behaviour: 0,
    person: {},
    actors: 'owner: after 1 Microsoft.Compute/snapshots/write@/$name/ +6s -> revoke on $vm',
    faults: '',
  },
  'its owner deleted the VM while Group Policy was held off, and the remediation ended without clean-up or report':
    {
      vm: 'tls',
      silent: false,
      hopeless: false,
      mode: 'full',
      way: 'rebuild',
      behaviour: 0,
      person: {},
      actors: 'owner: in 47s -> delete on $vm',
      faults: '',
    },
  'its owner powered the VM off while we restarted it, and it was started': {
    vm: 'cipher-suites',
    silent: false,
    hopeless: false,
    mode: 'full',
    way: 'rebuild',
    behaviour: 3,
    person: {},
    actors: 'owner: once 1 Microsoft.Compute/snapshots/write@/$name/ +58s -> stop on $vm',
    faults: '',
  },
  'its owner opted the VM out while it was down for a repair that was then cancelled: it was left so, and nobody was told':
    {
      vm: 'rdp-firewall',
      silent: true,
      hopeless: false,
      mode: 'full',
      way: 'swap',
      behaviour: 1,
      person: { cancelsAfter: 628 },
      actors: 'owner: in 391s -> tag rdp-medic=disabled on $vm',
      faults: '*start/action@/$name/=fail(AllocationFailed)',
    },
  'its owner started and stopped the VM again before our own deallocation showed on its disk, and it was started':
    {
      vm: 'rdp-port',
      silent: true,
      hopeless: false,
      mode: 'full',
      way: 'swap',
      behaviour: 1,
      person: { answers: { after: 3536, approved: true } },
      actors:
        'guard: 2 Microsoft.Compute/virtualMachines/runCommands/write@/$name/ -> rule by-hand ports=3389 priority=150 on $vm; owner: once 2 Microsoft.Compute/virtualMachines/deallocate/action@/$name/ +14s -> start, deallocate on $vm; network: 2 Microsoft.Compute/virtualMachines/runCommands/write@/$name/ -> nic drop-nsg on $vm',
      faults: '*start/action@/$name/=fail(AllocationFailed)',
    },
  'somebody deleted the rescue VM beside us, and the report told it as left behind': {
    vm: 'rdp-certificate',
    silent: false,
    hopeless: true,
    mode: 'full',
    way: 'rebuild',
    behaviour: 2,
    person: {},
    actors:
      'oncall: once 1 Microsoft.Compute/virtualMachines/write@/$name/ +82s -> delete role:rescue-vm on $vm; owner: once 3 Microsoft.Compute/disks/write@/$name/ +80s -> stop on $vm; backup: after 2 Microsoft.Compute/virtualMachines/write@/$name/ +48s -> restore on $vm',
    faults: '',
  },
  'its owner made the VM anew, somebody else deallocated it on the way, and that creation was not counted': {
    vm: 'crypto-services',
    silent: false,
    hopeless: false,
    mode: 'diagnose',
    way: 'swap',
    behaviour: 2,
    person: { answers: { after: 2279, approved: false } },
    actors:
      'owner: in 41s -> recreate on $vm; oncall: after 2 Microsoft.Compute/virtualMachines/read@/$name/ +115s -> deallocate, swap $name-osdisk, start on $vm',
    faults: '',
  },
  'its owner started and deallocated the VM when Azure had refused our swap for it, and what he wrote was lost at the next try':
    {
      vm: 'tls',
      silent: true,
      hopeless: false,
      mode: 'full',
      way: 'swap',
      behaviour: 3,
      person: { answers: { after: 1722, approved: true } },
      actors: 'owner: 2 Microsoft.Compute/virtualMachines/write@/$name/ ~> start, deallocate on $vm',
      faults: '*start/action@/$name/=fail(AllocationFailed)',
    },
  'the right to make VMs was taken away while the copy was repaired, and the VM was deleted all the same': {
    vm: 'term-service',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'rebuild',
    behaviour: 1,
    person: { answers: { after: 2084, approved: true } },
    actors: 'security: in 513s -> revoke Microsoft.Compute/virtualMachines/write on $vm',
    faults: '',
  },
  'a deny assignment came over the disks while the copy was repaired, and the VM was deleted all the same': {
    vm: 'cipher-suites',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'rebuild',
    behaviour: 3,
    person: {},
    actors: 'stack: in 385s -> deny Microsoft.Compute/disks/write group on $vm',
    faults: '',
  },
  'its owner started and deallocated the VM before our two looks, and it was started in the end': {
    vm: 'rdp-denied',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'swap',
    behaviour: 1,
    person: {},
    actors: 'owner: 2 Microsoft.Compute/disks/write@/$name/ -> start, deallocate on $vm',
    faults: '*start/action@/$name/=fail(AllocationFailed)',
  },
  'its owner powered the VM off while we started it, and that stop was taken for ours': {
    vm: 'rdp-security-layer',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'swap',
    behaviour: 2,
    person: { answers: { after: 456, approved: true } },
    actors: 'owner: once 2 Microsoft.Compute/virtualMachines/write@/$name/ +40s -> stop on $vm',
    faults: '',
  },
  'a right was taken away between the deletion of the VM and its creation, and that it is down was not counted':
    {
      vm: 'cipher-suites',
      silent: true,
      hopeless: false,
      mode: 'full',
      way: 'rebuild',
      behaviour: 3,
      person: {},
      actors:
        'stack: once Microsoft.Compute/virtualMachines/delete@/$name/ -> deny Microsoft.Compute/disks/write group on $vm',
      faults: '',
    },
  'the role was taken away when the VM was on its copy, and its own disk was told as left behind': {
    vm: 'rdp-security-layer',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'swap',
    behaviour: 2,
    person: { answers: { after: 1191, approved: true } },
    actors:
      'security: after 1 Microsoft.Compute/virtualMachines/deallocate/action@/$name/ +46s -> revoke on $vm',
    faults: '*start/action@/$name/=fail(AllocationFailed)',
  },
  'somebody restored the VM while we deallocated it, which gave way, and it was started in the middle of that restore':
    {
      vm: 'tls',
      silent: true,
      hopeless: false,
      mode: 'full',
      way: 'swap',
      behaviour: 0,
      person: {},
      actors:
        'backup: after Microsoft.Compute/virtualMachines/deallocate/action@/$name/ +25s -> restore on $vm',
      faults: '',
    },
  'its owner stopped the VM while we stopped it, so that ours gave way, and it was started': {
    vm: 'rdp-firewall',
    silent: true,
    hopeless: false,
    mode: 'full',
    way: 'rebuild',
    behaviour: 0,
    person: {},
    actors:
      'owner: after Microsoft.Compute/virtualMachines/deallocate/action@/$name/ +28s -> deallocate on $vm',
    faults: '',
  },
};

const FIRST = 900_000_000;

export function failedOnce(): Scenario[] {
  return Object.values(FAILED_ONCE).map((row, index) => {
    const base = scenarioOf(FIRST + index);
    const actors = row.actors.replaceAll('$name', base.name).replaceAll('$vm', vmIdOf(base));
    return { ...base, ...row, actors, faults: row.faults.replaceAll('$name', base.name) };
  });
}
