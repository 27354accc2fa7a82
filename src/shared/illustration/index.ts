export * from './drawing';
export * from './layer';
export * from './normPicture';
export * from './sets';
export * from './svg';
