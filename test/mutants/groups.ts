/** Code that is mutated together, and the quickest tests that reach it. */
export interface Group {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
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

/** The whole service in the lab, one remediation of each kind: the only tests that run orchestrators and activities together. */
const STORIES = [
  'test/histories/histories.test.ts',
  'test/functions/*.test.ts',
  ...[
    'modes',
    'offline-swap',
    'offline-rebuild',
    'rollback',
    'cancel',
    'lost',
    'janitor',
    'taken-back',
    'rdp-security',
    'fleet',
    'moving/offline-repair',
  ].map((name) => `test/e2e/${name}.test.ts`),
];

/** What `npm run stryker` mutates, in this order: each by itself, so that what is done stays done. */
export const GROUPS = {
  repair: { mutate: ['shared/repair/**/*.ts'], tests: ['test/shared/repair/**/*.test.ts'] },
  intake: { mutate: ['shared/intake/**/*.ts'], tests: ['test/shared/intake/**/*.test.ts', TRIGGERS] },
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
  },
  azure: {
    mutate: ['shared/azure/**/*.ts', ...[...DEEDS, ...EVERY_CALL].map((file) => `!${file}`)],
    tests: ['test/shared/azure/**/*.test.ts'],
  },
  triggers: {
    mutate: ['functions/triggers/**/*.ts'],
    tests: [TRIGGERS, 'test/functions/triggers/page/*.test.ts'],
  },
  calls: { mutate: EVERY_CALL, tests: ['test/shared/azure/**/*.test.ts'] },
  activities: { mutate: ['functions/*.ts', 'functions/activities/**/*.ts'], tests: STORIES },
  orchestrators: { mutate: ['functions/orchestrators/**/*.ts'], tests: STORIES },
} as const satisfies Record<string, Group>;

export type GroupName = keyof typeof GROUPS;
