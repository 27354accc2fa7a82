import picomatch from 'picomatch';
import type { Config, ConfigFile } from './config';

/** What a pattern must not be, and how to say so. */
export const REFUSED: readonly { readonly form: RegExp; readonly words: string }[] = [
  { form: /^\s*$/, words: 'names no file' },
  { form: /^!/, words: 'begins with “!”; files that are not meant stand in exclude' },
  { form: /^(\/|[A-Za-z]:)/, words: 'must be relative to the folder of this file' },
  { form: /(^|\/)\.\.(\/|$)/, words: 'leaves the folder of this file' },
  { form: /\\/, words: 'has a backslash; folders are parted by /' },
];

/** What is wrong with a pattern; undefined for one that can be used. */
export function patternRefusal(pattern: string): string | undefined {
  return REFUSED.find(({ form }) => form.test(pattern))?.words;
}

type Matcher = (inner: string) => boolean;

/** Each configuration's own, made once. */
const MATCHERS = new WeakMap<Config, Matcher>();

/** Whether a configuration has a file checked that lies in its folder or below. */
export function includes({ config, folder }: ConfigFile, path: string): boolean {
  let matcher = MATCHERS.get(config);
  if (matcher === undefined) {
    const included = config.include === undefined ? () => true : matcherOf(config.include);
    const excluded = matcherOf(config.exclude);
    matcher = (inner) => included(inner) && !excluded(inner);
    MATCHERS.set(config, matcher);
  }
  return matcher(path.slice(folder.length + 1));
}

/** A pattern that names a folder means all that is in it. */
function matcherOf(patterns: readonly string[]): Matcher {
  const all = patterns.flatMap((pattern) => {
    const bare = pattern.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
    return bare === '' || bare === '.' ? ['**'] : [bare, `${bare}/**`];
  });
  return all.length === 0 ? () => false : picomatch(all, { dot: true });
}
