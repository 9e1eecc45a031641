process.argv.splice(2, 0, 'restore');
require('./index.js');
