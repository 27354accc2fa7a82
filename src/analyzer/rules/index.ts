export { rules } from './catalogue';
export { judge, type Severities } from './judge';
export type { Finding, Fix, Rule, RuleFinding, Severity } from './rule';
export { type Judged, type SourceText, type Suppressed, suppress, suppressWith } from './suppressions';
