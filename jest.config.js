/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Node itself reads TypeScript, as in production, and the test files of a worker share its modules: loaded and made fast once.
  runner: ['jest-light-runner', { runtime: 'child_process' }],
  transform: {},
  setupFilesAfterEnv: ['<rootDir>/test/support/one-file-after-the-other.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/whole-service-first.cjs',
  reporters: ['default', '<rootDir>/test/support/counts-reporter.cjs'],
  // Two cores, and tests that wait for other processes.
  maxWorkers: 3,
};
