// A selector that dies before it has set any output.
process.kill(process.pid, 'SIGKILL');
