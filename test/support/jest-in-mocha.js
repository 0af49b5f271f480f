/**
 * The tests' own words (`describe`, `it`, `expect` of jest) under mocha, for Stryker: mocha keeps the modules of the tests loaded
 * and runs one chosen test in milliseconds, where jest loads everything again for each mutant, which takes seconds.
 */
import { relative } from 'node:path';
import { expect } from 'expect';
import * as each from 'jest-each';
import Mocha from 'mocha';
import { provideFunctionsCore } from '../../local/host/load-app.ts';
import { forgetLastFile } from './forget-last-file.ts';
import { emptyAccountsOf, startSharedStorage } from './storage.ts';

provideFunctionsCore();

let storage;
/** Stryker's workers each have an emulator: two of them run the same test at a time. It ends with them. */
export const mochaHooks = {
  beforeAll: async () => {
    storage ??= await startSharedStorage();
  },
};

/**
 * Many times as long as the slowest test takes. A change that lets something be waited for in vain is noticed by this: Stryker's own limit
 * is far longer where many tests reach a change, and costs it the process besides.
 */
const HANGS_AFTER_MS = 20_000;

/** The test that mocha runs first. */
function firstOf({ tests, suites }) {
  return tests[0] ?? suites.map(firstOf).find((test) => test !== undefined);
}

const bound = new WeakSet();

/** Takes the place of mocha's own words: Stryker lets nobody choose others. It binds them twice. */
Mocha.interfaces.bdd = (root) => {
  if (bound.has(root)) return;
  bound.add(root);
  root.on('pre-require', (globals, file) => {
    // Hooks outside of any block are of their file alone.
    const ofFile = Mocha.Suite.create(root, relative(process.cwd(), file));
    ofFile.timeout(HANGS_AFTER_MS);
    const open = [ofFile];
    // As if each file had a process of its own.
    const begin = async () => {
      expect.setState({ testPath: file });
      await emptyAccountsOf(file);
      // What a file's own preparations reach counts as reached by its first test, not by the last one of the file before.
      if (globalThis.__stryker__) globalThis.__stryker__.currentTestId = firstOf(ofFile).fullTitle();
      forgetLastFile();
    };
    expect.setState({ testPath: file });
    ofFile.beforeAll(begin);

    const describe = (title, tests) => {
      open.unshift(Mocha.Suite.create(open[0], title));
      tests();
      open.shift();
    };
    const it = (title, test) => {
      // Mocha runs a block's tests before the blocks in it, jest in the order in which they are written.
      const block = open[0].suites.length === 0 ? open[0] : Mocha.Suite.create(open[0], '');
      block.addTest(new Mocha.Test(title, test));
    };
    const skip = () => undefined;
    const skipEach = () => skip;
    Object.assign(it, { each: each.bind(it, false), skip: Object.assign(skip, { each: skipEach }) });
    Object.assign(globals, {
      describe: Object.assign(describe, {
        each: each.bind(describe, false),
        skip: Object.assign(skip, { each: skipEach }),
      }),
      it,
      test: it,
      expect,
      beforeAll: (hook) => void open[0].beforeAll(hook),
      afterAll: (hook) => void open[0].afterAll(hook),
      beforeEach: (hook) => void open[0].beforeEach(hook),
      afterEach: (hook) => void open[0].afterEach(hook),
    });
  });
};
