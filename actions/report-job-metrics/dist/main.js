process.argv.splice(2, 0, 'main');
require('./index.js');
