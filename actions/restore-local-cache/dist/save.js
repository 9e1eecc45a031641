process.argv.splice(2, 0, 'save');
await import('./index.js');
