import { spawn } from 'node:child_process';
import { ROOT } from './paths.js';

/**
 * Runs a program to its end and keeps what it printed. Never rejects: a program that cannot be started has code -1
 * and the reason as its output.
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean, live?: boolean, timeoutMs?: number }} [options]
 *   `live` shows the output as it comes instead of keeping it.
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
export function run(file, args, { cwd = ROOT, env = process.env, shell = false, live = false, timeoutMs = 0 } = {}) {
  const began = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const stdio = live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(file, args, { cwd, env, shell, stdio, timeout: timeoutMs, windowsHide: true });
    const done = (code) => resolve({ code, output, seconds: (performance.now() - began) / 1000 });
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => {
      output += error.message;
      done(-1);
    });
    child.on('close', (code, signal) => {
      if (signal) output += `\nended by ${signal}`;
      done(code ?? -1);
    });
  });
}

/** `1.2 s`, always in the same form. */
export function seconds(value) {
  return `${value.toFixed(1)} s`;
}
