import { expect, it, vi } from 'vitest';

// Only the editor has this module; the words need nothing of it.
vi.mock('vscode', () => ({}));

it.each([
  [{ error: 0, warning: 0, information: 0, hint: 0 }, 'no findings'],
  [{ error: 1, warning: 0, information: 0, hint: 0 }, '1 error'],
  [{ error: 2, warning: 1, information: 3, hint: 1 }, '2 errors, 1 warning, 3 notes, 1 hint'],
])('findings %o are told as “%s”', async (counts, words) => {
  const { findingsInWords } = await import('../../../src/extension/statusItem');
  expect(findingsInWords(counts)).toBe(words);
});
