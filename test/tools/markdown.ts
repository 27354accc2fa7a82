/** What tests ask of Markdown pages: fenced blocks, links, the anchors of headings. */

export interface Fence {
  /** `sh`, `ts`, or nothing. */
  readonly language: string;
  readonly text: string;
}

const FENCE = /^```(\w*).*\n([\s\S]*?)^```$/gm;

export const fencesOf = (page: string): readonly Fence[] =>
  [...page.matchAll(FENCE)].map(([, language = '', text = '']) => ({ language, text }));

/** Targets of links and pictures outside code. */
export const linksOf = (page: string): readonly string[] =>
  [...withoutCode(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);

/** The anchors of a page's headings, as GitHub makes them: lower case, no punctuation, blanks as hyphens. */
export const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set(
    [...page.replace(FENCE, '').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

const withoutCode = (page: string): string => page.replace(FENCE, '').replace(/`[^`\n]*`/g, '');
