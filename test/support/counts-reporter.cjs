/** Ends the run with one plain line that any reader of logs understands, and says why tests were skipped. */
module.exports = class CountsReporter {
  onRunComplete(
    _contexts,
    { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites, testResults },
  ) {
    const reasons = new Map();
    for (const { testResults: tests } of testResults) {
      for (const { status, ancestorTitles, title } of tests) {
        if (status !== 'pending') continue;
        const name = [...ancestorTitles, title].join(' ');
        const reason =
          /\(skipped: ([^)]+)\)|\((no [a-z]+)\)$/.exec(name)?.slice(1).find(Boolean) ?? 'not said';
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
    for (const [reason, count] of reasons) process.stdout.write(`skipped: ${count} (${reason})\n`);
    // A file that could not even be loaded has no failed test, but it has failed.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.stdout.write(
      `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped\n`,
    );
  }
};
