// Runs a server while stdin is open, and ends it when stdin closes. So no server outlives the tests, even if these
// crash.
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
