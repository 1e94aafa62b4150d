#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Becomes the program of this machine, which is in a package of its own; under the name by which it
// was called.
'use strict';

const { spawnSync } = require('child_process');
const os = require('os');
const path = require('path');

function program() {
	const name = `@irelfix/${process.platform}-${process.arch}`;
	try {
		return require.resolve(`${name}/bin/irelfix`);
	} catch {
		console.error(`irelfix: the package ${name} is not installed. Either there is none for this ` +
			'machine (build irelfix from source), or npm was told to leave optional packages out.');
		process.exit(3);
	}
}

const argv0 = path.basename(process.argv[1]).replace(/\.js$/, '');
const { status, signal, error } = spawnSync(program(), process.argv.slice(2), {
	argv0: argv0 === 'run' ? 'irelfix' : argv0,
	stdio: 'inherit',
});
if (error)
	console.error(`irelfix: ${error.message}`);
process.exit(status !== null ? status : signal ? 128 + os.constants.signals[signal] : 3);
