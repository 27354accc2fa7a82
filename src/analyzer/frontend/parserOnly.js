// The compiler inside ts-morph is 9 MB, of which the front end asks for the parser: the statements of the compiler that
// lead to nothing the front end names are left out of the bundles, which start faster and hold less for it.
const fs = require('node:fs');
const path = require('node:path');

/** The front end's sources: whatever of the compiler's exports is a word in them is kept. */
const frontEnd = () =>
  fs
    .readdirSync(__dirname, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(__dirname, name));

/**
 * The compiler's file as a module that exports what the front end names. It is one function of thousands of
 * declarations; kept are those that can be reached by name, and the statements that fill them.
 * @param {string} file the compiler's
 */
function parserOnly(file) {
  const ts = require(file);
  const { text, statements, about } = compilerOf(ts, file);
  const exported = wordsOfFrontEnd().filter((word) => word in ts && about.has(word));
  const reached = new Set(exported);
  const kept = new Set();
  for (const name of reached) {
    for (const statement of about.get(name)) {
      if (kept.has(statement)) continue;
      kept.add(statement);
      for (const word of referencesIn(ts, statement)) if (about.has(word)) reached.add(word);
    }
  }
  const source = statements.filter((statement) => kept.has(statement)).map(({ pos, end }) => text.slice(pos, end));
  return `${withoutUnusedMessages(source.join('\n'))}\nexport const ts = { ${exported.join(', ')} };\n`;
}

/** The compiler's file is read once, for as many bundles as there are. */
let compiler;

function compilerOf(ts, file) {
  if (compiler?.file === file) return compiler;
  const text = fs.readFileSync(file, 'utf8');
  const statements = bodyOf(ts, ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  /** By name: the statements that declare it, or that do nothing but fill what it names. */
  const about = new Map();
  for (const statement of statements) {
    for (const name of namesOf(ts, statement)) about.set(name, [...(about.get(name) ?? []), statement]);
  }
  compiler = { file, text, statements, about };
  return compiler;
}

/** The statements of the function that the file calls. */
function bodyOf(ts, source) {
  for (const { expression } of source.statements) {
    const called =
      expression && ts.isCallExpression(expression) ? ts.skipParentheses(expression.expression) : undefined;
    if (called && ts.isArrowFunction(called)) return called.body.statements;
  }
  throw new Error(`${source.fileName} is not built as it was: it calls no function of its own`);
}

/** What a statement declares; for `((X2) => {…})(X || (X = {}))` and `X.y = …`, X. Any other does not count. */
function namesOf(ts, statement) {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return [statement.name.text];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bound(ts, name));
  if (!ts.isExpressionStatement(statement)) return [];
  const { expression } = statement;
  let target = ts.isCallExpression(expression) ? expression.arguments[0] : expression;
  if (target === undefined || !ts.isBinaryExpression(target)) return [];
  target = target.left;
  while (ts.isPropertyAccessExpression(target)) target = target.expression;
  return ts.isIdentifier(target) ? [target.text] : [];
}

function bound(ts, name) {
  return ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (element.name ? bound(ts, element.name) : []));
}

/** Every identifier of a statement that may be a variable's name: too many, never too few. */
function referencesIn(ts, statement) {
  const found = new Set();
  const visit = (node) => {
    if (ts.isIdentifier(node)) found.add(node.text);
    else if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else if (ts.isPropertyAssignment(node) && !ts.isComputedPropertyName(node.name)) visit(node.initializer);
    else ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

function wordsOfFrontEnd() {
  const words = frontEnd().flatMap((source) => fs.readFileSync(source, 'utf8').match(/\w+/g) ?? []);
  return [...new Set(words)].sort();
}

/** The table of all messages is a third of what is left: a message a line, of which the parser has some 150. */
function withoutUnusedMessages(text) {
  const used = new Set(Array.from(text.matchAll(/\bDiagnostics\.(\w+)/g), ([, name]) => name));
  return text.replace(/^ {2}(\w+): diag\(.*\),?\n/gm, (line, name) => (used.has(name) ? line : ''));
}

module.exports = { frontEnd, parserOnly };
