export { touch } from './floor';
