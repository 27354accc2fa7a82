/** Where the pages of the rules stand: `docs/rules/NAME.md` of the repository. */
const PAGES = 'https://github.com/normlens/normlens/blob/main/docs/rules';

/** The address of a rule's page, from the rule's name. */
export function rulePage(ruleName: string): string {
  return `${PAGES}/${ruleName}.md`;
}
