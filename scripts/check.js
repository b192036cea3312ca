#!/usr/bin/env node
/** check: types, lint, unused code and layers. Exits 1 if any of them fails. Runs on the project's Node. */
import { runChecks } from './lib/checks.js';

const { failed } = await runChecks();
process.exitCode = failed > 0 ? 1 : 0;
