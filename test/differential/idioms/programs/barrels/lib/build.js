const tf = require('@tensorflow/tfjs');
const { CHANNELS } = require('./constants.js');

export default function (units) {
  return [tf.layers.dense({ units, inputShape: [CHANNELS] })];
}
