import './compileLater';
import './early';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { createColors, isColorSupported } from 'picocolors';
import { version } from '../../package.json';
import { createAnalyzer } from '../analyzer';
import { PathError } from '../disk/discover';
import { type CheckOptions, check } from './check';
import { explain } from './explain';
import { followFile } from './followFile';
import { playground, USUAL_PORT } from './playground';
import { reporters } from './reporters';
import { type ShapesFormat, shapes } from './shapes';
import type { ExitCode, Terminal } from './terminal';
import { help, withThreads } from './threads';

const terminal: Terminal = {
  cwd: process.cwd(),
  // Picocolors takes CI for a terminal; a log that is kept in a file should have no escape codes.
  colors: createColors(isColorSupported && (process.stdout.isTTY === true || 'FORCE_COLOR' in process.env)),
  width: Math.min(process.stdout.columns ?? 100, 120),
  write: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(`${text}\n`),
};

const program = new Command('normlens')
  .description('See tensor shapes and catch normalization mistakes in TensorFlow.js code, before it runs.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(normlens --help tells what there is)');

let exitCode: ExitCode = 0;

program
  .command('check')
  .description('report misuse of normalization layers and shapes that TensorFlow.js would refuse')
  .argument('<path...>', 'files, directories (what git does not ignore), patterns')
  .addOption(new Option('--format <format>', 'how to print').choices(Object.keys(reporters)).default('pretty'))
  .option('--max-warnings <n>', 'end with 1 above so many warnings', wholeNumber)
  .option('--exit-zero', 'end with 0 whatever is found')
  .option('--fix', 'fix what can be fixed without changing results, and report the rest')
  .addOption(new Option('--fix-dry-run', 'print what --fix would change, as a diff').conflicts('fix'))
  .option('--strict-config', 'end with 2 for a mistake in a configuration file')
  .action((paths: string[], options: CheckOptions) => {
    exitCode = check(paths, options, terminal, createAnalyzer, withThreads(__filename));
  });

program
  .command('shapes')
  .description('print the shape of every layer and call')
  .argument('<path...>', 'files, directories, patterns')
  .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
  .action((paths: string[], options: { format: ShapesFormat }) => {
    exitCode = shapes(paths, options, terminal, createAnalyzer, withThreads(__filename));
  });

program
  .command('explain')
  .description('tell the shapes at a place, or where and why inference stopped')
  .argument('<place>', 'FILE:LINE or FILE:LINE:COLUMN')
  .action((place: string) => {
    exitCode = explain(place, terminal, createAnalyzer);
  });

program
  .command('playground')
  .description('show what normalization layers share, on a page of this machine')
  .option(
    '--port <n>',
    `where to serve it; ${USUAL_PORT} by default, or any free port where that is taken`,
    wholeNumber,
  )
  .argument('[file]', 'a file whose models the scene “Your code” shows, as they are')
  .action((file: string | undefined, { port }: { port?: number }) => {
    const serve = async () => {
      const models = file === undefined ? undefined : followFile(file, terminal.cwd, createAnalyzer);
      await playground(port, path.join(__dirname, 'webview'), terminal, models);
    };
    serve().catch((error: unknown) => {
      terminal.warn(`normlens could not serve the playground: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 2;
    });
  });

function wholeNumber(words: string): number {
  if (!/^\d+$/.test(words)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(words);
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

if (isMainThread) {
  try {
    program.parse();
  } catch (error) {
    if (error instanceof PathError) terminal.warn(`normlens: ${error.message}`);
    else if (!(error instanceof CommanderError)) terminal.warn(`normlens could not run: ${stackOf(error)}`);
    exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
  process.exitCode = exitCode;
} else {
  help(createAnalyzer);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
