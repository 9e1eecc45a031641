process.argv[2] = 'main';
await import('./index.js');
