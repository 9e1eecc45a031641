process.argv.splice(2, 0, 'main');
await import('./index.js');
