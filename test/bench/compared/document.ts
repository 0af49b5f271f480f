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

Written by \`npm run compare\` (\`test/bench/compared\`): each broken VM of the fleet that a repair makes well, repaired by RDP Medic and by the
Azure command line's extension [vm-repair](https://github.com/Azure/azure-cli-extensions/tree/main/src/vm-repair), on labs with the
same durations and a virtual clock. The extension's side is its order of calls (\`create\`, \`run\`, \`restore\`, with \`--yes\`), made by a
client of ARM that is not the service's, and counted as the command line was seen to call the lab; RDP Medic is the whole service.

| VM | what is broken | until RDP answers: Medic | az | VM down: Medic | az | calls: Medic | az | left without an end: Medic | az | writes lost: Medic | az |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map(toLine).join('\n')}
| **mean** of the ${String(both.length)} that both make well | | **${seconds(time.medic)}** | **${seconds(time.vmRepair)}** | **${seconds(down.medic)}** | **${seconds(down.vmRepair)}** | | | | | | |

RDP Medic's mean time to RDP is **${(time.medic / time.vmRepair).toFixed(2)}** of that of \`az vm repair\`, its mean downtime **${(down.medic / down.vmRepair).toFixed(2)}**. Its figures vary by some
seconds from run to run, by when it looks.

## What favours whom here

- A person at the command line loses no second: none to be called, none between the three commands (${seconds(create)}, ${seconds(run)} and ${seconds(restore)}), and knows
  the right script at once. The script mends whatever is wrong with the disk. Nothing of the sort is so in a night.
- RDP Medic's time ends when it has itself seen RDP answer. The extension looks at nothing: its time ends when RDP does answer.
- Each command of the command line takes a second to start, and a template deployment is looked at every 30 seconds, as its SDKs do.
- Of a deployment the one call and its looks are counted, not what ARM then calls.
- How long Azure takes is the lab's typical figure on both sides ([lab/arm](../lab/arm/README.md)); neither was measured on a real
  Azure.

## Where \`az vm repair\` is faster, and why

On \`${offline.name}\`, whose agent is silent, it needs ${seconds(theirs.untilRdp ?? 0)} where RDP Medic needs ${seconds(offline.medic.untilRdp ?? 0)}, and the VM is down for ${seconds(theirs.down)} where RDP Medic
takes ${seconds(offline.medic.down)}. What it saves is what RDP Medic does for the VM's sake:

- It copies the disk of the running VM and swaps the copy in later. What the VM wrote in between (here ${seconds(theirs.lost)} of it) is not on its new
  disk. RDP Medic takes the copy that it puts under the VM once the VM is down, and loses nothing (\`test/e2e/offline-writes.test.ts\`):
  snapshot, copy and repair fall into the downtime.
- It stops nothing: the swap reboots the running VM. RDP Medic deallocates it first, as the documentation asked for until
  2025, so that nothing is written on the disk that it copies.
- It rehearses nothing (here ${seconds(offline.medic.rehearsal)}, in which the VM runs): whether the script helps is seen on the VM itself.
- It verifies nothing, and takes nothing back where RDP stays silent: the VM then runs on the copy, and the way back is a person's work.

Where the agent answers RDP Medic repairs through it, and stops nothing but for a restart that TLS needs. \`az vm repair run\` without
\`--run-on-repair\` runs a script on the VM itself too, for which again a person must know it.

## What it leaves to a person

- That something is wrong, and what; which of some seventy scripts mends it
  ([repair-script-library](https://github.com/Azure/repair-script-library)). Two of them have faults of this fleet in their headers:
  \`win-fix-rdp-connectivity\` (denied connections, disabled service, TLS 1.2 switched off) and \`win-fix-rdp-certificate\` (expired
  certificate, MachineKeys).
- What lies outside the disk: ${unhelped(rows)} stays as it was.
- The original OS disk, which stays behind without a tag; after a prompt not answered, the repair VM with its group too.

## Kinds of VM on which it failed

As reported; some are mended since, which the last column says.

| kind | what happened | source | since then |
| --- | --- | --- | --- |
${FAILED_KINDS.map(({ kind, happened, source, since }) => `| ${kind} | ${happened} | ${source} | ${since} |`).join('\n')}

## What it does and RDP Medic does not

Unmanaged disks, Linux, disks encrypted in one pass (Azure Disk Encryption), VMs that do not boot, a nested VM to look around in, and
any script that a person writes. RDP Medic refuses the first three before it touches anything, and has nothing to say on the rest.
`;
}

function toLine({ name, brokenBy, medic, vmRepair }: Compared): string {
  const pairs = (
    [
      ({ untilRdp }) => (untilRdp === undefined ? 'never' : seconds(untilRdp)),
      ({ down }) => seconds(down),
      ({ calls }) => String(calls),
      ({ left, kept }) => (kept > 0 ? `${String(left)} (${String(kept)} kept, with an end)` : String(left)),
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
