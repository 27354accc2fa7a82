// `tsc --noEmit -p .` by the compiler that is written in JavaScript (the one inside ts-morph): tsc 7 is native code.
const path = require('node:path');
const { ts } = require(path.join(process.argv[2], 'node_modules', 'ts-morph'));

const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
const program = ts.createProgram(fileNames, options);
console.log(ts.getPreEmitDiagnostics(program).length);
