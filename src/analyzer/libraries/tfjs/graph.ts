import type { LayerCallFact, LayerFact, TensorFact } from '../../trace/facts';

/** The graph behind a functional model, in the order that tfjs gives it. */
export interface Graph {
  readonly layers: readonly LayerFact[];
  /** Topological: by depth, inputs first. */
  readonly calls: readonly LayerCallFact[];
  /** A tensor that the outputs need and no input leads to. */
  readonly disconnected: { readonly tensor: TensorFact; readonly call: LayerCallFact } | undefined;
  /** A tensor on the way that is no layer's output. */
  readonly foreign: TensorFact | undefined;
}

/**
 * tfjs's Container: walks back from the outputs, gives each call its depth (the longest way to an output) and each layer
 * that of its deepest call, and lists layers by falling depth, ties in the order in which the walk met them.
 */
export function graphOf(inputs: readonly TensorFact[], outputs: readonly TensorFact[]): Graph {
  const order = new Map<LayerFact, number>();
  const finished = new Set<LayerCallFact>();
  const postorder: LayerCallFact[] = [];
  let foreign: TensorFact | undefined;

  const visit = (tensor: TensorFact): void => {
    const call = tensor.producer;
    if (call?.kind !== 'layerCall') {
      foreign ??= tensor;
      return;
    }
    if (finished.has(call)) return;
    if (!order.has(call.layer)) order.set(call.layer, order.size);
    finished.add(call);
    for (const input of call.inputs) visit(input);
    postorder.push(call);
  };
  for (const output of outputs) visit(output);

  const callDepth = new Map<LayerCallFact, number>();
  const layerDepth = new Map<LayerFact, number>();
  for (const call of [...postorder].reverse()) {
    const depth = Math.max(callDepth.get(call) ?? 0, layerDepth.get(call.layer) ?? 0);
    layerDepth.set(call.layer, depth);
    callDepth.set(call, depth);
    for (const { producer } of call.inputs) {
      if (producer?.kind === 'layerCall') callDepth.set(producer, Math.max(depth + 1, callDepth.get(producer) ?? 0));
    }
  }
  const layers = [...layerDepth.keys()].sort(
    (a, b) => (layerDepth.get(b) ?? 0) - (layerDepth.get(a) ?? 0) || (order.get(a) ?? 0) - (order.get(b) ?? 0),
  );
  const calls = [...postorder].sort((a, b) => (callDepth.get(b) ?? 0) - (callDepth.get(a) ?? 0));
  return { layers, calls, disconnected: findDisconnected(inputs, calls), foreign };
}

function findDisconnected(inputs: readonly TensorFact[], calls: readonly LayerCallFact[]): Graph['disconnected'] {
  const computable = new Set(inputs);
  for (const call of calls) {
    // tfjs counts the tensor of an input layer as its own input.
    const needed = call.inputs.length === 0 ? call.outputs : call.inputs;
    for (const tensor of needed) if (!computable.has(tensor)) return { tensor, call };
    for (const output of call.outputs) computable.add(output);
  }
  return undefined;
}
