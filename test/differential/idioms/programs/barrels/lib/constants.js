let width = 4;
width *= 2;

export { width as WIDTH };
export const CHANNELS = 3;
