import type { Mutant } from './mutant.ts';

const FOLDER = 'functions/orchestrators';
const MODES = 'test/e2e/modes.test.ts';
const UNDO = 'test/e2e/offline-undo.test.ts';

export const ORCHESTRATORS: readonly Mutant[] = [
  {
    what: 'mode diagnose goes on and repairs',
    file: `${FOLDER}/remediate.ts`,
    from: `  if (mode === 'diagnose') return 'diagnosed';\n`,
    to: '',
    killedBy: { file: MODES, test: 'mode diagnose' },
  },
  {
    what: 'mode online goes offline',
    file: `${FOLDER}/remediate.ts`,
    from: `  if (mode === 'online') return 'not-fixed';\n`,
    to: '',
    killedBy: { file: MODES, test: 'mode online' },
  },
  {
    what: 'what preflight refuses is repaired',
    file: `${FOLDER}/remediate.ts`,
    from: `  if (refusals.length > 0) return 'refused';\n`,
    to: '',
    killedBy: { file: MODES, test: 'is refused before anything is touched' },
  },
  {
    what: 'what forbids the offline repair is not heeded',
    file: `${FOLDER}/remediate.ts`,
    from: 'if (offlineBlockers.length > 0) {',
    to: 'if (offlineBlockers.length > 99) {',
    killedBy: { file: MODES, test: 'is not even rehearsed' },
  },
  {
    what: 'an undo that failed is told as if all were as it was found',
    file: `${FOLDER}/follow.ts`,
    from: `return yield* conclude(run, asFound ? outcome : 'failed');`,
    to: 'return yield* conclude(run, outcome);',
    killedBy: { file: UNDO, test: 'is not told to be as it was found where' },
  },
  {
    what: 'a rescue VM that was begun and not needed is not looked for',
    file: `${FOLDER}/conclude.ts`,
    from: 'madeIds: ahead === undefined ? knownIds(run) : undefined,',
    to: 'madeIds: knownIds(run),',
    killedBy: { file: 'test/e2e/clean-up.test.ts', test: 'where a rescue VM was begun that nobody needed' },
  },
  {
    what: 'approval that nobody gave counts as a yes',
    file: 'functions/activities/report.ts',
    from: 'control.decide(remediationId, plan, { approved: false',
    to: 'control.decide(remediationId, plan, { approved: true',
    killedBy: { file: 'test/e2e/approval-wait.test.ts', test: 'is over after a day without an answer' },
  },
  {
    what: 'approval is waited for ten days',
    file: 'shared/repair/timing.ts',
    from: 'approvalLimit: 24 * 3600',
    to: 'approvalLimit: 240 * 3600',
    killedBy: { file: 'test/e2e/approval-wait.test.ts', test: 'is over after a day without an answer' },
  },
  {
    what: 'the disk is copied before the VM is down',
    file: `${FOLDER}/repair-offline.ts`,
    from: `  yield* takeDown(run, draft);
  const copying = copyWhileStill(run, originalDiskId, goingDown);
  return yield* recorded(run, 'copy-disk', nameOf(originalDiskId), copying);
`,
    to: `  const { notBefore: _, ...early } = copyOf(run, originalDiskId, goingDown);
  const copyId = yield* make(run.context, ACTIVITIES.beginCopyDisk, early);
  yield* takeDown(run, draft);
  return copyId;
`,
    killedBy: {
      file: 'test/e2e/offline-writes.test.ts',
      test: 'nothing of what it wrote until it went down is lost',
    },
  },
  {
    what: 'a disk is put under the VM although its script told an error',
    file: `${FOLDER}/attached-disk.ts`,
    from: `  if (error) throw new MedicError('GuestScriptFailed', error.message);\n`,
    to: '',
    killedBy: { file: 'test/e2e/windows/model.test.ts', test: 'whose cache cannot be written down' },
  },
  {
    what: 'RDP is silent, and the VM counts as repaired since its agent is Ready',
    file: `${FOLDER}/repair-offline.ts`,
    from: `const answers = probe.state === 'healthy' || (agentReady && (yield* answersInside(run)));`,
    to: `const answers = probe.state === 'healthy' || agentReady;`,
    killedBy: { file: UNDO, test: 'is not told to be repaired' },
  },
  {
    what: 'the way back does not see that the VM is gone',
    file: `${FOLDER}/restore-os-disk.ts`,
    from: 'if (standing) yield* rebuild(run, undo.definition, undo);\n    else yield* recreate(run, undo.definition, undo);',
    to: 'yield* rebuild(run, undo.definition, undo);',
    killedBy: {
      file: 'test/e2e/faults-final.test.ts',
      test: 'since Azure refused at first to build it again',
    },
  },
  {
    what: 'a restart that breaks off leaves the VM stopped',
    file: `${FOLDER}/vm-power.ts`,
    from: "  run.undo.push({ ...startUndo(deed), deed: 'restart' });\n",
    to: '  run.undo.push(...run.undo.slice(-1));\n',
    killedBy: { file: 'test/e2e/restart.test.ts', test: 'a VM whose restart breaks off' },
  },
  {
    what: 'whatever else was done to a VM counts as its restart',
    file: `${FOLDER}/repair-online.ts`,
    from: "if (!isSure && (wasWell || run.probe?.state !== 'healthy'))",
    to: 'if (!isSure && wasWell)',
    killedBy: { file: 'test/e2e/restart.test.ts', test: 'somebody did something else' },
  },
  {
    what: 'the record does not say that a VM may stand on the repaired copy',
    file: `${FOLDER}/restore-os-disk.ts`,
    from: 'if (mayStandOnIt(run, error)) draft.actions.push(exchange);',
    to: '',
    killedBy: { file: 'test/e2e/unended.test.ts', test: 'with the disk that it is on' },
  },
  {
    what: 'nobody is told when a VM that is down does not start at the first try',
    file: `${FOLDER}/vm-power.ts`,
    from: '    failed: (error) => tellDown(run, error),\n',
    to: '',
    killedBy: { file: 'test/e2e/notifications.test.ts', test: 'learns at the first failed start' },
  },
  {
    what: 'rules of other machines in the subnet are closed',
    file: `${FOLDER}/restrict-rdp.ts`,
    from: 'exposedRdpRules(paths, rules, port, privateAddressesOf(run))',
    to: 'exposedRdpRules(paths, rules, port)',
    killedBy: {
      file: 'test/e2e/rdp-security-shared.test.ts',
      test: 'where the open rule is for another machine',
    },
  },
  {
    what: 'a VM is taken down shortly before its auto-shutdown',
    file: `${FOLDER}/ask-again.ts`,
    from: '  against.push(...tooNearShutdown(run, vm.autoShutdown, downtimeSeconds));\n',
    to: '',
    killedBy: {
      file: 'test/e2e/moving/auto-shutdown.test.ts',
      test: 'within the downtime is not taken down',
    },
  },
  {
    what: 'the copy that is rehearsed on is not marked',
    file: `${FOLDER}/rehearse.ts`,
    from: 'lun: REHEARSAL_LUN, rehearsal: true }',
    to: 'lun: REHEARSAL_LUN }',
    killedBy: { file: 'test/e2e/rehearsal.test.ts', test: 'never taken for the one that goes under the VM' },
  },
];
