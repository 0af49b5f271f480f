import { scenarioOf, vmIdOf, type Scenario } from './scenario.ts';

/** Runs that once showed a defect, or that alone show one that was put in to try, by what it is. They run always, under the numbers after the last one of any other run. */
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
};

const FIRST = 900_000_000;

export function failedOnce(): Scenario[] {
  return Object.values(FAILED_ONCE).map((row, index) => {
    const base = scenarioOf(FIRST + index);
    const actors = row.actors.replaceAll('$name', base.name).replaceAll('$vm', vmIdOf(base));
    return { ...base, ...row, actors, faults: row.faults.replaceAll('$name', base.name) };
  });
}
