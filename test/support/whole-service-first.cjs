/**
 * The order of the test files: first those of the whole service and of the command line, which take long however short they are, then the
 * others by size. On a clean clone jest knows no times, and would leave the longest to the end, with one worker idle.
 */
module.exports = class WholeServiceFirst {
  sort(tests) {
    const rank = ({ path }) => (/[\\/]test[\\/](e2e|cli)[\\/]/.test(path) ? 0 : 1);
    const size = ({ path, context }) => context.hasteFS.getSize(path) ?? 0;
    return [...tests].sort((a, b) => rank(a) - rank(b) || size(b) - size(a));
  }

  // Times of earlier runs are not looked at: every run has the same order.
  cacheResults() {}
};
