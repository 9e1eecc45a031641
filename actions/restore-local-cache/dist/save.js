process.argv.splice(2, 0, 'save');
require('./index.js');
