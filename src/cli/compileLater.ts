import { setFlagsFromString } from 'node:v8';

/** The major versions of Node whose V8 has the flags; another would complain. */
const KNOWN = [20, 22, 24];

/**
 * A run takes seconds: code that V8 optimizes at its usual threshold (some 70,000), with all it may inline (920 bytes of
 * bytecode), mostly does not live to pay for it, and is compiled in every thread anew. At nine times the threshold, 240 files
 * take 2 s of processor time less in two threads; at a ninth of the inlining, another 0.3 s.
 */
const FLAGS = ['--interrupt-budget=600000', '--max-inlined-bytecode-size-cumulative=100'];

if (KNOWN.includes(Number(process.versions.node.split('.')[0]))) for (const flag of FLAGS) setFlagsFromString(flag);
