process.argv.splice(2, 0, 'store');
require('./index.js');
