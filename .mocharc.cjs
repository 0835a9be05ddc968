module.exports = {
  reporter: './test/support/reporter.js',
  timeout: 30000,
  // Agenda leaves timers of half a lock's lifetime (90 s) behind after every job; without this a run would wait for them.
  exit: true,
};
