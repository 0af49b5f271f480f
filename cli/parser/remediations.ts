import { Option, type Command } from 'commander';
import { lossSchema } from '../../shared/model/rebuild.ts';
import { outcomeKindSchema } from '../../shared/model/record.ts';
import { modeSchema, restoreWaySchema } from '../../shared/model/request.ts';
import { parsed, VM, withWay, type Does } from './declare.ts';

const REPORT_FORMATS = ['md', 'html', 'json'] as const;
const REMEDIATION = 'id of the remediation, or name or id of the VM for its newest one';

/** Everything that begins, follows, answers or tells of a remediation. */
export function addRemediations(program: Command, does: Does): void {
  does(
    withWay(program.command('repair'), 'Repair a VM and follow the repair to its end')
      .argument('<vm>', VM)
      .addOption(
        new Option('--mode <mode>', 'how far the repair may go; default: set by the policy').choices(
          modeSchema.options,
        ),
      )
      .option(
        '--dry-run',
        'rehearse the offline repair on a copy of the disk without changing the VM (--mode rehearse)',
      )
      .option('-y, --yes', 'do not prompt: start, and approve the plan')
      .option('--no-wait', 'print the id and exit without waiting for the end')
      .option(
        '--operator',
        'send the request as an operator (RDP_MEDIC_APPROVER_SECRET), who may use options that callers may not',
      )
      .option('--subscription <id>', 'subscription to search for a VM name; default: all you can access')
      .option(
        '--admin-address <address...>',
        'addresses that may reach RDP; rules open to the Internet are restricted to these',
      )
      .addOption(
        new Option('--restore-way <way>', 'how the repaired disk becomes the OS disk of the VM').choices(
          restoreWaySchema.options,
        ),
      )
      .addOption(
        new Option('--accept-loss <loss...>', 'losses accepted for a rebuild').choices(lossSchema.options),
      )
      .option('--keep-days <days>', 'days to keep the snapshot and the original disk')
      .option('--new-rdp-port <port>', 'new RDP port if the program that uses the port cannot be stopped')
      .option('--legacy-tls', 'also enable TLS 1.0 and 1.1')
      .option('--peer <vm id>', 'working VM on the same network from which the certificate can be deleted')
      .option('--json', 'print the record as JSON'),
    async ([vm = ''], options) => {
      const { repair, repairOptionsSchema } = await import('../commands/repair.ts');
      return repair(vm, parsed(repairOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('list'), 'List remediations, queued requests and poison messages')
      .option('--vm <vm>', 'only remediations of this VM (name or id)')
      .addOption(
        new Option('--outcome <outcome>', 'only remediations with this outcome').choices(
          outcomeKindSchema.options,
        ),
      )
      .option('--limit <n>', 'maximum number, newest first', '50')
      .option('--json', 'print JSON'),
    async (_words, options) => {
      const { list, listOptionsSchema } = await import('../commands/list.ts');
      return list(parsed(listOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('show'), 'Show the plan, steps and outcome of a remediation')
      .argument('<remediation>', REMEDIATION)
      .option('--json', 'print the record as JSON'),
    async ([id = ''], options) => {
      const { show, showOptionsSchema } = await import('../commands/show.ts');
      return show(id, parsed(showOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('watch'), 'Follow a remediation; with --local, resume one that was interrupted')
      .argument('[remediation]', `${REMEDIATION}; default: the one that is running`)
      .option('-y, --yes', 'approve the plan without a prompt')
      .option('--json', 'print the record as JSON'),
    async ([id], options) => {
      const { watch, watchOptionsSchema } = await import('../commands/watch.ts');
      return watch(id, parsed(watchOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('approve'), 'Show the plan that is waiting for approval, and approve it')
      .argument('<remediation>', REMEDIATION)
      .option('--deny', 'deny the plan')
      .option('--plan <hash>', 'approve only this plan (question.plan in the record)')
      .option('-y, --yes', 'do not prompt')
      .option('--json', 'print JSON'),
    async ([id = ''], options) => {
      const { approve, approveOptionsSchema } = await import('../commands/approve.ts');
      return approve(id, parsed(approveOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('cancel'), 'Cancel a remediation and undo its changes so far')
      .argument('<remediation>', REMEDIATION)
      .option('--leave-stopped', 'leave the VM stopped, on its original disk, if the repair has stopped it')
      .option('--by <name>', 'who is cancelling, for the report')
      .option('--no-wait', 'do not wait for the end')
      .option('--json', 'print JSON'),
    async ([id = ''], options) => {
      const { cancel, cancelOptionsSchema } = await import('../commands/cancel.ts');
      return cancel(id, parsed(cancelOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('rollback'), 'Roll a VM back to the OS disk it had before a remediation')
      .argument('<remediation>', REMEDIATION)
      .option(
        '--accept-loss <moment>',
        'accept losing everything written since this moment (originalDisk.wayBack.writesSince in the record)',
      )
      .option('--by <name>', 'who is rolling back, for the report')
      .option('-y, --yes', 'do not prompt')
      .option('--json', 'print the record as JSON'),
    async ([id = ''], options) => {
      const { rollback, rollbackOptionsSchema } = await import('../commands/rollback.ts');
      return rollback(id, parsed(rollbackOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('report'), 'Print or save the report of a remediation')
      .argument('<remediation>', REMEDIATION)
      .addOption(new Option('--format <format>', 'output format').choices(REPORT_FORMATS).default('md'))
      .option('-o, --out <file>', 'write to this file'),
    async ([id = ''], options) => {
      const { report, reportOptionsSchema } = await import('../commands/report.ts');
      return report(id, parsed(reportOptionsSchema, options));
    },
  );
}
