import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import type { Commands } from '../../../shared/model/commands.ts';
import { deleteRule, startVm, swapOsDisk } from '../../../shared/repair/azure-commands.ts';
import { powershellText, quotable, shellWord } from '../../../shared/repair/quote.ts';

const VM = { subscriptionId: '0000', resourceGroup: 'rg-(blue)', name: 'web-1' };
const linesOf = (blocks: readonly Commands[], tool: string): readonly string[] =>
  blocks.find((block) => block.tool === tool)?.lines ?? [];

describe('Commands to Azure', () => {
  it('begin with the subscription, in each of the two ways', () => {
    expect(linesOf(startVm(VM), 'az')).toEqual([
      'az account set --subscription 0000',
      "az vm start --resource-group 'rg-(blue)' --name web-1",
    ]);
    expect(linesOf(startVm(VM), 'az-powershell')).toEqual([
      "Set-AzContext -Subscription '0000'",
      "Start-AzVM -ResourceGroupName 'rg-(blue)' -Name 'web-1'",
    ]);
  });

  it('name a disk in another group by its whole id', () => {
    const disk = '/subscriptions/0000/resourceGroups/disks/providers/Microsoft.Compute/disks/os';
    expect(linesOf(swapOsDisk(VM, disk), 'az')[2]).toContain(`--os-disk ${disk}`);
    expect(linesOf(swapOsDisk(VM, disk), 'az-powershell')).toContain(
      "$disk = Get-AzDisk -ResourceGroupName 'disks' -DiskName 'os'",
    );
  });

  it('are one a line, so that none runs on in another', () => {
    const all = [...startVm(VM), ...swapOsDisk(VM, '/subscriptions/0/resourceGroups/g/providers/p/disks/d')];
    for (const line of all.flatMap(({ lines }) => lines)) expect(line).not.toMatch(/&&|;|\n/);
  });

  it('are not there at all for what is no id, and for a name that no shell quotes', () => {
    expect(swapOsDisk(VM, 'not an id')).toEqual([]);
    expect(deleteRule('/rules/1')).toEqual([]);
    expect(startVm({ ...VM, name: 'a\nb' })).toEqual([]);
    expect(startVm({ ...VM, name: '--help' })).toEqual([]);
  });
});

describe('Quoting', () => {
  it('hands a POSIX shell whatever text it may be, whole and as one word', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }).filter((text) => quotable(text)),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        (texts) => {
          const script = `printf '%s\\n' ${texts.map(shellWord).join(' ')}`;
          const { stdout } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
          expect(stdout).toBe(texts.map((text) => `${text}\n`).join(''));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('doubles every apostrophe that PowerShell takes for one', () => {
    expect(powershellText("a'b\u2019c\u2018d")).toBe("'a''b\u2019\u2019c\u2018\u2018d'");
  });
});
