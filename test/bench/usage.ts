/**
 * Loaded into a measured process with --import: at its end it tells what the process has used, as one JSON line on the
 * descriptor that OTJ_BENCH_USAGE_FD names. The system counts from the start of the process, all threads included.
 */
import { writeSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024 };
  writeSync(Number(process.env.OTJ_BENCH_USAGE_FD), `${JSON.stringify(usage)}\n`);
});
