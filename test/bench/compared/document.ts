import type { ByRdpMedic } from './by-rdp-medic.ts';
import type { ByVmRepair } from './by-vm-repair.ts';
import { FAILED_KINDS } from './failed-kinds.ts';
import type { Measured } from './measured.ts';

/** A VM of the fleet, repaired by each on a lab of its own. */
export interface Compared {
  name: string;
  brokenBy: string;
  medic: ByRdpMedic;
  vmRepair: ByVmRepair;
}

/** docs/compared-with-az-vm-repair.md. */
export function toDocument(rows: readonly Compared[]): string {
  const both = rows.filter(({ vmRepair }) => vmRepair.untilRdp !== undefined);
  const offline = rows.find(({ medic }) => medic.outcome === 'repaired-offline');
  if (!offline) throw new Error('The fleet has no VM that is repaired offline.');
  const theirs = offline.vmRepair;
  const [create = 0, run = 0, restore = 0] = theirs.phases;
  const time = ratio(both, (one) => one.untilRdp ?? 0);
  const down = ratio(both, (one) => one.down);
  return `# Compared with \`az vm repair\`

Written by \`npm run compare\` (\`test/bench/compared\`): each VM of the fleet with a fault that can be repaired, repaired by RDP Medic and by the
Azure command line's extension [vm-repair](https://github.com/Azure/azure-cli-extensions/tree/main/src/vm-repair), on labs with the
same durations and a virtual clock. The extension's side is its order of calls (\`create\`, \`run\`, \`restore\`, with \`--yes\`), made by a
separate ARM client, with the number of calls that the command line makes against the lab. RDP Medic is the complete service.

| VM | fault | time to RDP: Medic | az | VM down: Medic | az | calls: Medic | az | leftovers: Medic | az | writes lost: Medic | az |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map(toLine).join('\n')}
| **mean** of the ${String(both.length)} that both repair | | **${seconds(time.medic)}** | **${seconds(time.vmRepair)}** | **${seconds(down.medic)}** | **${seconds(down.vmRepair)}** | | | | | | |

RDP Medic's mean time to RDP is **${(time.medic / time.vmRepair).toFixed(2)}** of that of \`az vm repair\`, its mean downtime **${(down.medic / down.vmRepair).toFixed(2)}**. The figures are those of
a virtual clock, and the same at every run.

## What favors which tool here

- The person at the command line loses no time: they are there at once, start each of the three commands (${seconds(create)}, ${seconds(run)} and ${seconds(restore)}) immediately after
  the previous one, and choose the right script at once. The script repairs whatever is wrong with the disk. No real night is like that.
- For RDP Medic, time ends when it has checked that RDP responds. The extension checks nothing: its time ends when RDP responds.
- Each command of the command line takes a second to start, and a template deployment is polled every 30 seconds, as by its SDKs.
- For a deployment, the request and its polls are counted, not what ARM calls in turn.
- The durations of Azure operations are the typical figures of the lab on both sides ([lab/arm](../lab/arm/README.md)); neither tool was measured on real
  Azure.

## Where \`az vm repair\` is faster, and why

On \`${offline.name}\`, whose VM agent does not respond, it needs ${seconds(theirs.untilRdp ?? 0)} where RDP Medic needs ${seconds(offline.medic.untilRdp ?? 0)}, and the VM is down for ${seconds(theirs.down)} where RDP Medic
takes ${seconds(offline.medic.down)}. It saves time by not doing what RDP Medic does to protect the VM:

- It copies the disk of the running VM and swaps the copy in later. What the VM wrote in between (here ${seconds(theirs.lost)} of it) is not on its new
  disk. RDP Medic makes the copy that it swaps in after the VM is down, and loses nothing (\`test/e2e/offline-writes.test.ts\`):
  copy and repair are part of the downtime.
- It does not stop the VM: the swap reboots it. RDP Medic deallocates it first, as the documentation asked for until
  2025, so that nothing is written on the disk that it copies.
- It does not rehearse (here ${seconds(offline.medic.rehearsal)}, while the VM keeps running): whether the script helps is only seen on the VM itself.
- It does not check RDP, and undoes nothing if RDP still does not respond: the VM then runs on the copy, and rolling back is manual work.

If the VM agent responds, RDP Medic repairs through it, with no downtime except for the restart that TLS needs. \`az vm repair run\` without
\`--run-on-repair\` also runs a script on the VM itself, but again a person has to know which one.

## What it leaves to you

- Noticing the fault, finding its cause, and choosing one of about seventy scripts
  ([repair-script-library](https://github.com/Azure/repair-script-library)). Two of them have faults of this fleet in their headers:
  \`win-fix-rdp-connectivity\` (denied connections, disabled service, TLS 1.2 switched off) and \`win-fix-rdp-certificate\` (expired
  certificate, MachineKeys).
- Everything outside the disk: ${unhelped(rows)} stays as it was.
- Deleting the original OS disk, which is left without a tag, and, if a prompt is not answered, the repair VM with its resource group.

## Kinds of VM on which it failed

As reported; the last column says which have been fixed since.

| kind | what happened | source | since then |
| --- | --- | --- | --- |
${FAILED_KINDS.map(({ kind, happened, source, since }) => `| ${kind} | ${happened} | ${source} | ${since} |`).join('\n')}

## What it does and RDP Medic does not

Unmanaged disks, Linux, disks encrypted in one pass (Azure Disk Encryption), VMs that do not boot, a nested VM to look around in, and
any script you write yourself. RDP Medic refuses the first three before it changes anything, and does not do the others.
`;
}

function toLine({ name, brokenBy, medic, vmRepair }: Compared): string {
  const pairs = (
    [
      ({ untilRdp }) => (untilRdp === undefined ? 'never' : seconds(untilRdp)),
      ({ down }) => seconds(down),
      ({ calls }) => String(calls),
      ({ left, kept }) =>
        kept > 0 ? `${String(left)} (${String(kept)} kept, with an expiry date)` : String(left),
      ({ lost }) => seconds(lost),
    ] satisfies ((one: Measured) => string)[]
  ).flatMap((tell) => [tell(medic), tell(vmRepair)]);
  return `| \`${name}\` | ${brokenBy} | ${pairs.join(' | ')} |`;
}

function unhelped(rows: readonly Compared[]): string {
  const names = rows
    .filter(({ vmRepair }) => vmRepair.untilRdp === undefined)
    .map(({ name }) => `\`${name}\``);
  return names.join(', ');
}

function ratio(
  rows: readonly Compared[],
  of: (one: Measured) => number,
): { medic: number; vmRepair: number } {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    medic: mean(rows.map(({ medic }) => of(medic))),
    vmRepair: mean(rows.map(({ vmRepair }) => of(vmRepair))),
  };
}

function seconds(value: number): string {
  return `${String(Math.round(value))} s`;
}
