// How custom layers say their class name, of which tfjs makes the layers' names.
import * as tf from '@tensorflow/tfjs';

class Field extends tf.layers.Layer {
  static className = 'FieldLayer';
  call(x) {
    return Array.isArray(x) ? x[0] : x;
  }
}
class Getter extends Field {
  static get className() {
    return 'GetterLayer';
  }
}
class Inherited extends Getter {}
class Assigned extends tf.layers.Layer {
  call(x) {
    return Array.isArray(x) ? x[0] : x;
  }
}
Assigned.className = 'AssignedLayer';
class Method extends tf.layers.Layer {
  call(x) {
    return Array.isArray(x) ? x[0] : x;
  }
  getClassName() {
    return 'MethodLayer';
  }
}
class Named extends tf.layers.Layer {
  call(x) {
    return Array.isArray(x) ? x[0] : x;
  }
}
export class NeverMade extends tf.layers.Layer {
  call(x) {
    return x;
  }
}

export const model = tf.sequential();
model.add(tf.layers.dense({ units: 3, inputShape: [4] }));
for (const layer of [
  new Field(),
  new Getter({}),
  new Inherited({}),
  new Assigned(),
  new Method(),
  new Named({ name: 'own' }),
])
  model.add(layer);
model.add(new Getter({}));
