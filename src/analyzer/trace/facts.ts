/**
 * The trace: what the interpreter saw, as plain facts in the order in which they happen. It is the one hand-over between
 * the interpreter and the rules; a rule reads nothing else.
 */
import type { Dim } from '../shapes/dim';
import type { Shape } from '../shapes/shape';

/** A piece of source: half-open UTF-16 offsets in a file. */
export interface Place {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

// ---------------------------------------------------------------- things

/** A tensor, real or symbolic (Keras's). Identity is object identity. */
export interface TensorFact {
  readonly id: number;
  /** Fixed once it is made, but for what its author says on the line that makes it. */
  shape: Shape;
  readonly dtype: string | undefined;
  /** A Keras SymbolicTensor: no data yet. */
  readonly symbolic: boolean;
  /** The op or layer call that made it; undefined for parameters and the unknown. */
  producer: OpFact | LayerCallFact | undefined;
  /** The value, where the tensor is a known number (`tf.scalar(1e-5)`, a plain number as an operand). */
  readonly scalar: number | undefined;
  /** Made by `tf.variable` or a weight of a layer. */
  readonly variable: VariableFact | undefined;
  /** The name of the variable or parameter that first held it, for messages. */
  name: string | undefined;
  readonly at: Place;
}

export interface VariableFact {
  readonly name: string | undefined;
  readonly trainable: boolean | undefined;
  readonly layer: LayerFact | undefined;
}

/** What stood in an options object: the value as far as it is known, and where. */
export interface OptionFact {
  readonly value: OptionValue;
  /** The whole property, `key: value`; undefined where it came by spread or assignment. */
  readonly at: Place | undefined;
}

/** A JavaScript value in a trace: plain data, with `{unknown}` where the interpreter lost it. */
export type OptionValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | { readonly kind: 'size'; readonly dim: Dim }
  | readonly OptionValue[]
  /** With a name: a function of the library. */
  | { readonly kind: 'object'; readonly type: string; readonly name?: string }
  | { readonly kind: 'unknown'; readonly reason: ReasonFact };

export interface WeightFact {
  readonly name: string;
  readonly shape: readonly Dim[];
  readonly trainable: boolean;
}

export interface LayerFact {
  readonly id: number;
  /** The factory's name, `conv2d`; a user's class has `custom`. */
  readonly type: string;
  readonly className: string;
  /** As tfjs gives it: `conv2d_Conv2D1`. */
  name: string;
  /** The call or `new` that made it. */
  readonly at: Place;
  /** The place of the options object, where the call has one written out. */
  readonly optionsAt: Place | undefined;
  readonly options: ReadonlyMap<string, OptionFact>;
  /** True where some keys of the options could not be known (spread of the unknown). */
  readonly optionsOpen: boolean;
  /** Arguments that are no options object, as written: `batchNormalization(-1)`. */
  readonly positional: readonly OptionValue[];
  /** Weights once built; undefined before, or where a size is unknown. */
  weights: readonly WeightFact[] | undefined;
  trainable: boolean | undefined;
  /** The layer that wraps this one (bidirectional, timeDistributed, rnn). */
  wrapper: LayerFact | undefined;
  /** The inner layer or cells of a wrapper. */
  readonly inner: readonly LayerFact[];
  /** A model used as a layer. */
  readonly model: ModelFact | undefined;
  /** Made while `call`, a training step or a gradient function ran, on every run anew. */
  readonly madeIn: ActivationFact | undefined;
}

export interface ModelFact {
  readonly id: number;
  name: string;
  readonly kind: 'sequential' | 'functional' | 'class';
  readonly at: Place;
  /** In the order of tfjs's `model.layers`. */
  layers: readonly LayerFact[];
  /** False where layers were added under conditions that are not known, or the list is incomplete. */
  exact: boolean;
  inputs: readonly TensorFact[];
  outputs: readonly TensorFact[];
  /** Every call of a layer inside the model, in topological order. */
  calls: readonly LayerCallFact[];
  trainable: boolean | undefined;
}

/** A user's function under evaluation: which one, and as what. */
export interface ActivationFact {
  readonly name: string | undefined;
  /** The class whose method it is, `InstanceNorm`. */
  readonly owner?: string | undefined;
  readonly at: Place;
  readonly role: 'call' | 'gradient' | 'loop' | 'other';
}

/** A region of code in which gradients are taken. */
export interface GradientFact {
  readonly api: string;
  readonly at: Place;
  /** The variables it takes gradients of, where they are named. */
  readonly variables: readonly TensorFact[] | undefined;
  /** True where the code gives no list, so that every trainable variable takes part (`minimize(f)`, `variableGrads(f)`). */
  readonly allVariables?: boolean;
  /** The enclosing gradient, for penalties. */
  readonly outer: GradientFact | undefined;
}

// ---------------------------------------------------------------- facts

export type Mode = 'train' | 'infer' | 'both' | 'unknown';

interface FactBase {
  readonly at: Place;
  /** False under a condition that is not known and asks what kind of thing a value is (`isMatrix(y)`, `x.rank === 2`). */
  readonly certain: boolean;
  /** The innermost gradient region around it. */
  readonly gradient: GradientFact | undefined;
  /** The innermost user function around it, undefined at the module's top level. */
  readonly activation: ActivationFact | undefined;
  /** True inside an unrolled or generalised loop body. */
  readonly looped: boolean;
}

export type Fact =
  | LayerMadeFact
  | LayerCallFact
  | OpFact
  | ModelBuiltFact
  | ModelCallFact
  | CompileFact
  | TrainFact
  | InferFact
  | GradientRegionFact
  | OptimizerStepFact
  | TrainableFact
  | WeightsCopyFact
  | BackendFact
  | RefusalFact
  | MemberFact
  | ConditionFact
  | OperatorFact
  | OptimizerMadeFact
  | DiscardFact
  | ShapeContradictedFact
  | OutputShapeDiffersFact
  | StopFact;

export interface LayerMadeFact extends FactBase {
  readonly kind: 'layerMade';
  readonly layer: LayerFact;
}

/**
 * A layer met its input: `layer.apply(x)`, or `model.add(layer)`. One that tfjs refuses leaves its fact all the same (outputs
 * of unknown shape), before the refusal.
 */
export interface LayerCallFact extends FactBase {
  readonly kind: 'layerCall';
  readonly layer: LayerFact;
  readonly inputs: readonly TensorFact[];
  readonly outputs: readonly TensorFact[];
  /** How it normalises when it runs: known only where real tensors meet it. */
  readonly mode: Mode;
  /** False where real tensors flow (an eager call). */
  readonly symbolic: boolean;
  /** Why the outputs are not wholly known, where they are not. */
  readonly reason?: ReasonFact | undefined;
}

/**
 * An op was called: `tf.moments(x, 0)`, `x.sub(mean)`, `variable.assign(v)`. One that tfjs refuses leaves its fact all the
 * same (outputs of unknown shape), before the refusal.
 */
export interface OpFact extends FactBase {
  readonly kind: 'op';
  /** `moments`; the API as written is `tf.` + name. */
  readonly name: string;
  /** Whether it was called as a method of a tensor. */
  readonly method: boolean;
  /** Tensor operands by parameter name. */
  readonly operands: ReadonlyMap<string, TensorFact>;
  /** All arguments by parameter name, with their places. */
  readonly args: ReadonlyMap<string, OptionFact>;
  /** In order; several for moments, split, unstack. */
  readonly outputs: readonly TensorFact[];
  /** Where the call's result is taken apart wrongly, see MemberFact. */
  readonly reason: ReasonFact | undefined;
}

export interface ModelBuiltFact extends FactBase {
  readonly kind: 'modelBuilt';
  readonly model: ModelFact;
}

/** A model met real or symbolic tensors: `model.apply(x, {training: true})`, `model.predict(x)` inside a gradient. */
export interface ModelCallFact extends FactBase {
  readonly kind: 'modelCall';
  readonly api: 'apply' | 'call' | 'predict' | 'predictOnBatch';
  readonly model: ModelFact;
  readonly inputs: readonly TensorFact[];
  readonly outputs: readonly TensorFact[];
  readonly mode: Mode;
  readonly trainingFlag: OptionFact | undefined;
}

export interface CompileFact extends FactBase {
  readonly kind: 'compile';
  readonly model: ModelFact;
  readonly options: ReadonlyMap<string, OptionFact>;
}

/** `fit`, `fitDataset`, `trainOnBatch`. */
export interface TrainFact extends FactBase {
  readonly kind: 'train';
  readonly api: 'fit' | 'fitDataset' | 'trainOnBatch';
  readonly model: ModelFact;
  readonly inputs: readonly TensorFact[];
  /** Samples a full batch; 32 by default in fit. '?' where unknown. */
  readonly batchSize: Dim;
  /** Where the batch size was written; undefined for the default. */
  readonly batchSizeAt: Place | undefined;
  readonly batchSizeIsDefault: boolean;
  /** Samples given in all, before the validation split. */
  readonly samples: Dim;
  readonly validationSplit: number | undefined;
  /** floor(samples · (1 − validationSplit)). */
  readonly trainSamples: Dim;
  /** trainSamples mod batchSize: the size of the last batch, 0 where it is full or dropped; '?' where unknown. */
  readonly residual: Dim;
  readonly epochs: Dim;
  /** Optimizer steps in all: epochs · ceil(trainSamples / batchSize). */
  readonly steps: Dim;
}

export interface InferFact extends FactBase {
  readonly kind: 'infer';
  readonly api: 'predict' | 'predictOnBatch' | 'evaluate' | 'evaluateDataset' | 'execute';
  readonly model: ModelFact;
  readonly inputs: readonly TensorFact[];
}

/** A gradient region was entered; facts inside carry it. */
export interface GradientRegionFact extends FactBase {
  readonly kind: 'gradientRegion';
  readonly region: GradientFact;
  /** Inputs that the derivative is taken with respect to (`tf.grad(f)(x)`). */
  readonly inputs: readonly TensorFact[];
  readonly outputs: readonly TensorFact[];
}

/** `optimizer.minimize` or `applyGradients`. */
export interface OptimizerStepFact extends FactBase {
  readonly kind: 'optimizerStep';
  readonly api: string;
}

/** `layer.trainable = false`, also on a model. */
export interface TrainableFact extends FactBase {
  readonly kind: 'trainable';
  readonly target: LayerFact | ModelFact;
  readonly value: boolean | undefined;
}

/**
 * `to.setWeights(from.getWeights())` and the loops that copy variables one by one; also weights from elsewhere
 * (`setWeights(list)`, `loadWeights(…)`), with `from` undefined.
 */
export interface WeightsCopyFact extends FactBase {
  readonly kind: 'weightsCopy';
  readonly from: LayerFact | ModelFact | undefined;
  readonly to: LayerFact | ModelFact;
  /** Which of the source's weights: all, or those that train. */
  readonly which: 'all' | 'trainable' | 'unknown';
}

export interface BackendFact extends FactBase {
  readonly kind: 'backend';
  readonly name: string | undefined;
}

/** tfjs would refuse this: certain whenever the code at `at` runs. */
export interface RefusalFact extends FactBase {
  readonly kind: 'refusal';
  readonly refusal: Refusal;
  /** `conv2d`, `tf.matMul`. */
  readonly api: string;
  readonly layer: LayerFact | undefined;
  readonly inputs: readonly TensorFact[];
  /** The op that was refused. */
  readonly op?: OpFact;
}

/** What a table entry throws where tfjs would: provable, with the shapes in the text. */
export interface Refusal {
  readonly code: RefusalCode;
  /** One line, our words: what is wrong, with the sizes. */
  readonly message: string;
  /** tfjs's own words, where they are known. */
  readonly original: string | undefined;
  /** When tfjs says it: as the layer is made, as the call runs, once real tensors flow (predict, fit), only in training. */
  readonly when: 'construct' | 'call' | 'run' | 'fit';
  /** The parameter or option at fault. */
  readonly argument: string | undefined;
  /** What to do, where it is not what is to be done about others of the code. */
  readonly advice?: string;
}

/** One code a kind of shape error: the rules table gives each its NL0xx id. */
export type RefusalCode =
  | 'rank' // an input of the wrong rank
  | 'broadcast' // operands that do not broadcast
  | 'inner-dims' // matMul, dot, dense on other features than built for
  | 'reshape-size' // other number of elements
  | 'axis-range' // an axis outside the rank, or twice
  | 'concat' // shapes that differ off the axis, ranks that differ
  | 'merge' // merge layers on shapes that do not fit
  | 'window' // a kernel or pool larger than a valid input
  | 'channels' // filter's input channels differ from the input's
  | 'slice-range' // slice, gather, crop outside the tensor
  | 'split-size' // sizes that do not add up or divide
  | 'data-length' // values that do not fill the shape given
  | 'missing-input-shape' // first layer of a sequential without one, or an unbuilt model used
  | 'undefined-dim' // a layer that needs a size where the size is null
  | 'graph' // disconnected graph, output that is no layer's, duplicate names
  | 'option' // an option value that tfjs rejects
  | 'argument-count' // one input where a list is due, or the reverse
  | 'data-shape' // fit, predict, evaluate on data that do not fit the model's inputs
  | 'dtype' // a dtype that the op rejects
  | 'weights'; // setWeights with other shapes or another count

/** A property was read or taken from a value that has none such, or in an odd way (`[m, v] = tf.moments(x)`). */
export interface MemberFact extends FactBase {
  readonly kind: 'member';
  /**
   * What it was read from: `tf`, `tf.layers`, `tensor`, `moments`; `inputs` for the list (or tensor) that tfjs hands to the
   * `call` of a user's layer, read as if it were the other of the two.
   */
  readonly owner: string;
  readonly member: string;
  /** `property` is `a.b`; `element` is `a[0]`; `iteration` is array destructuring, spread or for-of. */
  readonly how: 'property' | 'element' | 'iteration';
  readonly exists: boolean;
  readonly op: OpFact | undefined;
}

/** `value || fallback` where value can be a meaningful 0: an axis, an epsilon. */
export interface ConditionFact extends FactBase {
  readonly kind: 'falsyDefault';
  readonly operator: '||';
  /** The text of the left operand: `options.axis`. */
  readonly left: string;
  readonly fallback: OptionValue;
  readonly operatorAt: Place;
}

/** An operator of the language, or a function of `Math`, on a tensor or on the shape of one: it knows neither. */
export interface OperatorFact extends FactBase {
  readonly kind: 'operator';
  /** `*`, `===`, `-`, `Math.sqrt`; without the `=` of `x += y`, which `assigned` tells. */
  readonly operator: string;
  readonly operands: readonly OperandFact[];
  readonly assigned: boolean;
}

export interface OperandFact {
  /** `literal` is a list that is written out; `other` is any value of another kind. */
  readonly is: 'tensor' | 'shape' | 'number' | 'text' | 'nothing' | 'literal' | 'unknown' | 'other';
  /** The tensor, or the one whose shape it is. */
  readonly tensor: TensorFact | undefined;
  /** Where it stands, as far as that is known. */
  readonly at: Place | undefined;
}

/** `tf.train.adam(…)` and the other optimizers. */
export interface OptimizerMadeFact extends FactBase {
  readonly kind: 'optimizerMade';
  /** `adam` */
  readonly name: string;
  /** What it was given, in order; for an object its properties are in `options`. */
  readonly args: readonly OptionFact[];
  /** The properties of the first argument, where that is an object that is known. */
  readonly options: ReadonlyMap<string, OptionFact> | undefined;
}

/** The result of a layer or op call was never used. */
export interface DiscardFact extends FactBase {
  readonly kind: 'discard';
  readonly call: LayerCallFact | OpFact;
}

/** `// @shape […]` says another shape than inference knows; inference is kept. `at` is the comment. */
export interface ShapeContradictedFact extends FactBase {
  readonly kind: 'shapeContradicted';
  readonly tensor: TensorFact;
  readonly said: readonly Dim[];
  readonly inferred: readonly Dim[];
}

/**
 * `call` of a user's layer gives another shape than the layer says of itself, whatever its input: by `computeOutputShape`, or
 * without one by the shape of its input. `at` is the method's name.
 */
export interface OutputShapeDiffersFact extends FactBase {
  readonly kind: 'outputShapeDiffers';
  readonly layer: LayerFact;
  /** Whether the class has a `computeOutputShape`. */
  readonly hasMethod: boolean;
  readonly declared: Shape;
  readonly computed: Shape;
}

/** Inference stopped here: the value is unknown from this place on. */
export interface StopFact extends FactBase {
  readonly kind: 'stop';
  readonly reason: ReasonFact;
}

export interface ReasonFact {
  readonly code: ReasonCode;
  readonly at: Place;
  /** In words, for `explain`: "`loadModel` is not in the workspace". */
  readonly text: string;
}

export type ReasonCode =
  | 'external' // a module or global that is not in the workspace
  | 'parameter' // a parameter of a function that nobody calls
  | 'branch' // alternatives that disagree
  | 'loop' // a loop whose bound is not known
  | 'budget' // steps, depth, or time
  | 'runtime-data' // files, network, user input, random, time
  | 'unsupported' // a construct or API that the analyzer does not follow
  | 'error' // tfjs would have thrown here
  | 'internal' // an error of the analyzer's own
  | 'syntax'; // code that could not be read
