process.argv.splice(2, 0, 'restore');
await import('./index.js');
