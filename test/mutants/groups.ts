/** Code that is mutated together, and the quickest tests that reach it. */
export interface Group {
  readonly mutate: readonly string[];
  /** In the order in which they are run: the first that fails ends it. */
  readonly tests: readonly string[];
  /** Of how many changes one is tried, but for the guards', which all are; 1: every change. `--whole` tries every change of all. */
  readonly oneIn: number;
}

const TRIGGERS = 'test/functions/triggers/*.test.ts';

/** What changes a VM, or makes and deletes what a repair needs. */
const DEEDS = [
  'compare',
  'data-disk',
  'made-from',
  'made-kinds',
  'made-resource',
  'made-resources',
  'os-disk',
  'rebuild-vm',
  'rescue-vm',
  'run-command',
  'snapshot',
  'sweepable',
  'vm-definition',
  'vm-power',
].map((name) => `shared/azure/${name}.ts`);

/** What every call to Azure goes through, so that nearly every test reaches it: slow, and a world of its own. */
const EVERY_CALL = [
  'arm-error',
  'canceled-operations',
  'clients',
  'operation',
  'principal',
  'resource-id',
  'sdk',
  'trace-calls',
].map((name) => `shared/azure/${name}.ts`);

/** The whole service in the lab, which alone runs orchestrators and activities together: on the virtual clock, the quickest first. */
const STORIES = [
  'offline-swap',
  'offline-rebuild',
  'modes',
  'rehearsal',
  'cancel',
  'approval-wait',
  'offline-undo',
  'rdp-security',
  'taken-back',
  'restart',
  'peer',
  'clean-up',
  'janitor',
  'fleet-watch',
  'lost',
  'rollback',
  'moving/offline-repair',
  'moving/late-log',
].map((name) => `test/e2e/${name}.test.ts`);

/** What `npm run stryker` mutates, in this order: each by itself, so that what is done stays done. */
export const GROUPS = {
  repair: { mutate: ['shared/repair/**/*.ts'], tests: ['test/shared/repair/**/*.test.ts'], oneIn: 1 },
  intake: {
    mutate: ['shared/intake/**/*.ts'],
    tests: ['test/shared/intake/**/*.test.ts', TRIGGERS],
    oneIn: 1,
  },
  deeds: {
    mutate: DEEDS,
    tests: [
      'compare',
      'copies',
      'deeds',
      'made',
      'rebuild-again',
      'rebuild-vm',
      'rescue-vm',
      'run-command',
      'swap-os-disk',
      'sweepable',
    ].map((name) => `test/shared/azure/${name}.test.ts`),
    oneIn: 1,
  },
  azure: {
    mutate: ['shared/azure/**/*.ts', ...[...DEEDS, ...EVERY_CALL].map((file) => `!${file}`)],
    tests: ['test/shared/azure/**/*.test.ts'],
    oneIn: 1,
  },
  triggers: {
    mutate: ['functions/triggers/**/*.ts'],
    tests: [
      TRIGGERS,
      'test/functions/triggers/page/*.test.ts',
      'test/functions/triggers/hosted/keys.test.ts',
    ],
    oneIn: 1,
  },
  calls: {
    mutate: EVERY_CALL,
    tests: [
      'arm-error',
      'ids',
      'clients',
      'canceled-operations',
      'looked-up',
      'locks',
      'policy-denials',
      'run-command',
      'deeds',
      'operation',
      'security-groups',
    ].map((name) => `test/shared/azure/${name}.test.ts`),
    oneIn: 1,
  },
  activities: {
    mutate: ['functions/*.ts', 'functions/activities/**/*.ts'],
    tests: ['test/functions/find-running.test.ts', 'test/functions/mandate.test.ts', ...STORIES],
    oneIn: 30,
  },
  orchestrators: {
    mutate: ['functions/orchestrators/**/*.ts'],
    tests: ['test/histories/histories.test.ts', 'test/functions/orchestrators/durable.test.ts', ...STORIES],
    oneIn: 100,
  },
} as const satisfies Record<string, Group>;

export type GroupName = keyof typeof GROUPS;
