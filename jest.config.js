import { BUNDLED_PACKAGES } from './test/support/bundled-packages.js';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    // TypeScript, and the page's own modules.
    '^.+(\\.ts|/page/assets/[^/]+\\.js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: {
    // Native modules of the Functions worker: the embedded host stands in for it (local/host/functions-core.ts).
    '^@azure/functions-core$': '<rootDir>/local/host/functions-core.ts',
    ...Object.fromEntries(BUNDLED_PACKAGES.map(({ name, file }) => [`^${name}$`, file])),
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/whole-service-first.cjs',
  reporters: ['default', '<rootDir>/test/support/counts-reporter.cjs'],
  runtime: '<rootDir>/test/support/compiled-once.js',
  // Against what hangs alone: what a test takes depends on the machine.
  testTimeout: 300_000,
  maxWorkers: 4,
};
