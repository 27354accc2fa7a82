import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playgroundPage, readToExtension, readToPage } from '../../../src/shared/playground';

describe('messages', () => {
  it('of unknown kinds and shapes are undefined, and nothing throws', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(readToPage(message)).toBeUndefined();
        expect(readToExtension(message)).toBeUndefined();
      }),
    );
    for (const type of ['constructor', '__proto__', 'toString', '']) {
      expect(readToPage({ type })).toBeUndefined();
      expect(readToExtension({ type })).toBeUndefined();
    }
  });

  it('keep only the fields that they have', () => {
    expect(readToExtension({ type: 'copy', text: 'a', what: 'link', more: 1 })).toEqual({
      type: 'copy',
      text: 'a',
      what: 'link',
    });
    expect(readToPage({ type: 'motion', reduced: true, x: 1 })).toEqual({ type: 'motion', reduced: true });
  });

  it('that open settings have the settings checked', () => {
    const message = readToPage({ type: 'open', change: { batch: 32, channels: 'x' }, refused: [7] });
    expect(message).toEqual({ type: 'open', change: { batch: 32 }, refused: ['Channels C cannot be “x”.'] });
  });

  it('save only files of the kinds that the page makes, by plain names', () => {
    const save = (name: string) => readToExtension({ type: 'save', name, base64: '' });
    expect(save('loss.csv')).toBeDefined();
    for (const name of ['../loss.csv', 'a/b.png', 'x.sh', 'x.png.exe', '']) expect(save(name), name).toBeUndefined();
  });

  it('reveal only places', () => {
    const reveal = (line: unknown) => readToExtension({ type: 'reveal', uri: 'file:///a.js', line, column: 0 });
    expect(reveal(3)).toBeDefined();
    for (const line of [-1, 1.5, '3', Number.NaN]) expect(reveal(line)).toBeUndefined();
  });
});

describe('the page', () => {
  const page = playgroundPage({
    script: 'main.js',
    style: 'main.css',
    worker: 'worker.js',
    nonce: 'abc',
    source: "'self'",
    open: 'layer="><script>alert(1)</script>',
  });

  it('runs no script but its own', () => {
    expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<script type="module" nonce="abc" src="main.js">',
    ]);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).not.toContain('unsafe-inline');
    expect(page).not.toMatch(/'unsafe-eval'|unsafe-eval(?<!wasm-unsafe-eval)/);
  });
});
