export * from './link';
export * from './messages';
export * from './page';
export { NORMS, type NormName, SCENES } from './properties/shared';
export type { ChoiceProperty, Edits, NumberProperty, Property, SceneName, SetProperty } from './property';
export * from './state';
