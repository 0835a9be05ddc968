// Runs as a thread beside a job that may block its own thread for as long as it likes: ends the whole process once it
// holds more memory than an honest document needs. The parent sees a killed worker and says so.
import { workerData } from 'node:worker_threads';

const limit = Number(workerData) * 1024 * 1024;
setInterval(() => {
  if (process.memoryUsage.rss() > limit) process.kill(process.pid, 'SIGKILL');
}, 50);
