import { Option, type Command } from 'commander';
import { lossSchema } from '../../shared/model/rebuild.ts';
import { outcomeKindSchema } from '../../shared/model/record.ts';
import { modeSchema, restoreWaySchema } from '../../shared/model/request.ts';
import { parsed, VM, withWay, type Does } from './declare.ts';

const REPORT_FORMATS = ['md', 'html', 'json'] as const;
const REMEDIATION = 'its id; or name or id of the VM, then the newest on it';

/** Everything that begins, follows, answers or tells of a remediation. */
export function addRemediations(program: Command, does: Does): void {
  does(
    withWay(program.command('repair'), 'Repair a VM, and follow it to its end')
      .argument('<vm>', VM)
      .addOption(
        new Option('--mode <mode>', 'how far it may go; the policy says where left out').choices(
          modeSchema.options,
        ),
      )
      .option(
        '--dry-run',
        'rehearse the offline repair on a copy of the disk, and change nothing (--mode rehearse)',
      )
      .option('-y, --yes', 'ask nothing: start, and approve what the plan asks for')
      .option('--no-wait', 'print its id and do not wait for its end')
      .option(
        '--operator',
        'ask as an operator (RDP_MEDIC_APPROVER_SECRET), who may ask for what is out of the ordinary',
      )
      .option('--subscription <id>', 'where a name is looked for; in all that you see where left out')
      .option(
        '--admin-address <address...>',
        'who may reach RDP from outside; an open rule is closed to all others',
      )
      .addOption(
        new Option('--restore-way <way>', 'how the repaired disk gets under the VM').choices(
          restoreWaySchema.options,
        ),
      )
      .addOption(new Option('--accept-loss <loss...>', 'what a rebuild may lose').choices(lossSchema.options))
      .option('--keep-days <days>', 'how long snapshot and original disk are kept')
      .option('--new-rdp-port <port>', 'where RDP goes if what holds its port cannot be stopped')
      .option('--legacy-tls', 'switch TLS 1.0 and 1.1 on as well')
      .option('--peer <vm id>', 'a working VM on the same network, from which the certificate can be deleted')
      .option('--json', 'print the record as JSON'),
    async ([vm = ''], options) => {
      const { repair, repairOptionsSchema } = await import('../commands/repair.ts');
      return repair(vm, parsed(repairOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('list'), 'List remediations, queued requests and poison messages')
      .option('--vm <vm>', 'of one VM, by name or id')
      .addOption(new Option('--outcome <outcome>', 'that ended so').choices(outcomeKindSchema.options))
      .option('--limit <n>', 'at most so many, the newest first', '50')
      .option('--json', 'print JSON'),
    async (_words, options) => {
      const { list, listOptionsSchema } = await import('../commands/list.ts');
      return list(parsed(listOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('show'), 'Show plan, steps and end of a remediation')
      .argument('<remediation>', REMEDIATION)
      .option('--json', 'print the record as JSON'),
    async ([id = ''], options) => {
      const { show, showOptionsSchema } = await import('../commands/show.ts');
      return show(id, parsed(showOptionsSchema, options));
    },
  );

  does(
    withWay(
      program.command('watch'),
      'Follow a remediation; with --local, go on with one that was interrupted',
    )
      .argument('[remediation]', `${REMEDIATION}; the one that is running where left out`)
      .option('-y, --yes', 'approve what the plan asks for')
      .option('--json', 'print the record as JSON'),
    async ([id], options) => {
      const { watch, watchOptionsSchema } = await import('../commands/watch.ts');
      return watch(id, parsed(watchOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('approve'), 'Show the plan that waits for an approval, and approve it')
      .argument('<remediation>', REMEDIATION)
      .option('--deny', 'say no')
      .option('--plan <hash>', 'approve this plan, and no other (question.plan in the record)')
      .option('-y, --yes', 'do not ask')
      .option('--json', 'print JSON'),
    async ([id = ''], options) => {
      const { approve, approveOptionsSchema } = await import('../commands/approve.ts');
      return approve(id, parsed(approveOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('cancel'), 'Cancel a remediation; what was done is taken back')
      .argument('<remediation>', REMEDIATION)
      .option('--leave-stopped', 'leave a VM that was taken down stopped, on its own disk')
      .option('--by <name>', 'who cancels, for the report')
      .option('--no-wait', 'do not wait for its end')
      .option('--json', 'print JSON'),
    async ([id = ''], options) => {
      const { cancel, cancelOptionsSchema } = await import('../commands/cancel.ts');
      return cancel(id, parsed(cancelOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('rollback'), 'Go back to the disk that the VM had before a remediation')
      .argument('<remediation>', REMEDIATION)
      .option(
        '--accept-loss <moment>',
        'give up what was written since: originalDisk.wayBack.writesSince of the record',
      )
      .option('--by <name>', 'who goes back, for the report')
      .option('-y, --yes', 'do not ask')
      .option('--json', 'print the record as JSON'),
    async ([id = ''], options) => {
      const { rollback, rollbackOptionsSchema } = await import('../commands/rollback.ts');
      return rollback(id, parsed(rollbackOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('report'), 'Print or save the report of a remediation')
      .argument('<remediation>', REMEDIATION)
      .addOption(new Option('--format <format>', 'how it is written').choices(REPORT_FORMATS).default('md'))
      .option('-o, --out <file>', 'into a file'),
    async ([id = ''], options) => {
      const { report, reportOptionsSchema } = await import('../commands/report.ts');
      return report(id, parsed(reportOptionsSchema, options));
    },
  );
}
