import { printParseErrorCode } from 'jsonc-parser';

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that JSON does not know; texts stand in double quotes',
  InvalidNumberFormat: 'a number that JSON cannot read',
  PropertyNameExpected: 'the name of a setting in double quotes is due here',
  ValueExpected: 'a value is due here',
  ColonExpected: 'a colon is due here',
  CommaExpected: 'a comma is due here',
  CloseBraceExpected: 'a closing } is due here',
  CloseBracketExpected: 'a closing ] is due here',
  EndOfFileExpected: 'the file should end here',
  UnexpectedEndOfComment: 'a comment that does not end',
  UnexpectedEndOfString: 'a text that does not end',
  InvalidUnicode: 'a \\u escape that is none',
  InvalidEscapeCharacter: 'an escape that JSON does not know',
  InvalidCharacter: 'a character that must be escaped in JSON',
};

/** What jsonc-parser found wrong, in words. */
export function inWords(error: number): string {
  const name = printParseErrorCode(error);
  return WORDS[name] ?? name;
}
