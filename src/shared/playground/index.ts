export * from './codeModels';
export * from './link';
export * from './messages';
export * from './page';
export { NORMS, type NormName, SCENES } from './properties/shared';
export { PICTURES, type PictureName } from './properties/style';
export { TRAIN_SIZES, TRAINER_NORMS, type TrainerNorm } from './properties/train';
export type { ChoiceProperty, Edits, NumberProperty, Property, SceneName, SetProperty } from './property';
export * from './state';
