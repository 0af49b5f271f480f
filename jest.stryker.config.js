import base from './jest.config.js';

/** The storage emulator runs already (scripts/stryker.ts). */
const { globalSetup: _setup, globalTeardown: _teardown, ...rest } = base;

/**
 * What mutants are tried against: what can be run often. The whole service in the lab takes minutes for each of them; chosen mutants of
 * what only that shows are in `test/mutants`.
 * @type {import('jest').Config}
 */
export default {
  ...rest,
  reporters: ['default'],
  testMatch: ['<rootDir>/test/shared/**/*.test.ts', '<rootDir>/test/functions/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp'],
};
