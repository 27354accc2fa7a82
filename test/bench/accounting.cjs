// Loaded before a program (`node --require`): at its end it writes what it took to the file that ACCOUNT names.
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const { maxRSS } = process.resourceUsage();
    writeFileSync(process.env.ACCOUNT, JSON.stringify({ cpu: (user + system) / 1e6, megabytes: maxRSS / 1024 }));
  });
}
