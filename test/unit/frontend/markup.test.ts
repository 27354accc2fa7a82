import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import { scriptsInMarkup } from '../../../src/analyzer/frontend/markup';
import { processorTime } from '../../tools/processorTime';
import { breach, printed } from './helpers';

describe('scripts in markup', () => {
  const page = `<!doctype html>\r\n<p title="<script>no()</script>">a > b</p>
<!-- <script>no()</script> -->
<script src="https://cdn/tf.min.js"></script>
<script type="application/json">{"no": 1}</script>
<script type="importmap">{"imports": {}}</script>
<script type="x-shader/x-vertex">void main() {}</script>
<script type="module" data-x='>'>
  import * as tf from 'tf'
  const a = tf.ones([1])
</script>
<SCRIPT>
(function () { return a < 3 })()
</SCRIPT >
<script type=text/javascript>last()</script>`;

  it('are read in order, and nothing else is', () => {
    const file = parse('page.html', page);
    expect(file.problems).toEqual([]);
    expect(printed(file)).toBe(
      [
        '(import * as tf "tf")',
        '(const (= a (call (. tf ones) [1])))',
        '0',
        '(call (function () (return (< a 3))))',
        '0',
        '(call last)',
        '0',
      ].join('\n'),
    );
    expect(file.imports).toEqual(['tf']);
  });

  it('keep the offsets and lines of the file', () => {
    const { text } = scriptsInMarkup(page);
    expect(text).toHaveLength(page.length);
    const file = parse('page.html', page);
    expect(file.text).toBe(page);
    expect(breach(file)).toBeUndefined();
    const [, statement] = file.body;
    expect(page.slice(statement?.start, statement?.end)).toBe('const a = tf.ones([1])');
  });

  it('of Vue and Svelte select their language', () => {
    const vue =
      '<template>{{ a < b }}</template>\n<script setup lang="ts">\nconst a = <number>b as 1\n</script>\n<style>a { b: c }</style>';
    expect(printed(parse('a.vue', vue))).toBe('(const (= a (as (as b number) 1)))\n0');
    const tsx = "<script lang='tsx'>const a = <b>{c as 1}</b></script>";
    expect(printed(parse('a.vue', tsx))).toBe('(const (= a (element (as c 1))))\n0');
    const svelte = '<script context="module">export const a = 1</script>\n<script>$: b = a</script>\n<h1>{b}</h1>';
    expect(printed(parse('a.svelte', svelte))).toBe('(export const (= a 1))\n0\n(label $ (= b a))\n0');
    expect(printed(parse('a.html', '<script type="text/babel">x = <b>{c}</b></script>'))).toBe('(= x (element c))\n0');
  });

  it('do not run into one another, whatever stands at their ends', () => {
    const page = '<script>a() // b</script><script>(c)</script><script>const f = x => x</script>\n<script>[d]</script>';
    expect(printed(parse('a.html', page))).toBe('(call a)\n0\nc\n0\n(const (= f (=> (x) (return x))))\n0\n[d]\n0');
  });

  it('that are still being typed are read to the end of the file', () => {
    expect(printed(parse('a.html', '<script>const a = f('))).toBe('(const (= a (call f)))');
    expect(printed(parse('a.html', '<script'))).toBe('');
  });

  it('are found in time that grows with the file only', () => {
    const { time } = processorTime(() => {
      for (const part of ['<script ', '<script>', '<!-- ', '<script a="', '<', '<script>x</script>']) {
        scriptsInMarkup(part.repeat(20_000));
      }
    });
    expect(time).toBeLessThan(3000);
  });
});
