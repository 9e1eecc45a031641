// Runs a server for as long as its own input is open, so that none outlives the tests, however these end.
import { spawn } from 'node:child_process';

const [command = '', ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.on('exit', (code) => process.exit(code ?? 0));

process.stdin.resume().on('end', () => {
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGKILL'), 5000);
});
