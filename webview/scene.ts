/** What a scene is to the shell. A scene's folder holds its view, its model (pure, tested) and its words. */
import type { TemplateResult } from 'lit/html.js';
import type { Change, PlaygroundState, PropertyName, SceneName, ToPage } from '../src/shared/playground';
import type { Host } from './host';
import type { Work } from './work/client';

export interface Scene {
  /** Also its tab, whose label is in the table of properties. */
  readonly name: SceneName;
  /** What the scene answers, as its heading. */
  readonly question: string;
  /** Makes the scene's view when its tab is first chosen; the view lives as long as the page. */
  open(context: SceneContext): SceneView;
}

export interface SceneView {
  /** What to show for a state. Called at most once a frame, and only while the scene's tab is chosen. */
  render(state: PlaygroundState): SceneContent;
  /** The tab was chosen, or the page is visible again: go on with what takes time. */
  show?(): void;
  /** Another tab was chosen, or the page is hidden: pause. */
  hide?(): void;
  /** A message of the extension, already validated. */
  receive?(message: ToPage): void;
}

export interface SceneContent {
  /** The sentence or two below the heading. */
  readonly lead: unknown;
  /** The controls, in the order of the keyboard. `context.control(name)` makes one from its row of the table. */
  readonly controls: unknown;
  /** The pictures. */
  readonly stage: TemplateResult;
}

/** Where a control differs from its row of the table for the moment. */
export interface ControlOptions {
  readonly label?: string;
  readonly help?: string;
  /** Positions of a number's slider. */
  readonly stops?: readonly number[];
  /** What the slider says where the state's own value is out of these stops. */
  readonly value?: number;
  /** A number in words, for the visible value and the screen reader. */
  readonly words?: (value: number) => string;
  readonly disabled?: boolean;
}

export interface SceneContext {
  readonly state: PlaygroundState;
  /** Changes properties; the page is drawn anew in the next frame, saved, and its link follows. */
  change(change: Change): void;
  /** Draws anew in the next frame, for what is not state: a hover, an answer of the worker. */
  redraw(): void;
  control(name: PropertyName, options?: ControlOptions): TemplateResult;
  /** Tells a screen reader what has changed. */
  say(words: string): void;
  /** A line above the scene, until it is dismissed. */
  notify(words: string): void;
  readonly work: Work;
  readonly host: Host;
  /** Whether the reader, the system or the editor asks for less motion. */
  readonly reducedMotion: boolean;
}
