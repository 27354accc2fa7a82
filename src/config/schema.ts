import type { Rule } from '../analyzer/rules/rule';
import { rulePage } from '../present/rulePage';
import { SEVERITIES } from '../shared/protocol';
import { REFUSED } from './patterns';
import { PARAMETER, settings } from './settings';

/** The JSON schema (draft 7) of configuration files: editors complete and validate them by it. */
export function configSchema(rules: readonly Rule[]): object {
  const { $schema, rules: severities, include, exclude, assume } = settings;
  const byName = (label: (rule: Rule) => string) => [...rules].map((rule) => [label(rule), ruleSchema(rule)] as const);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Normlens',
    type: 'object',
    additionalProperties: false,
    allowTrailingCommas: true,
    properties: {
      $schema: { type: 'string', ...documented($schema) },
      rules: {
        type: 'object',
        ...documented(severities),
        additionalProperties: false,
        properties: Object.fromEntries([...byName(({ id }) => id), ...byName(({ name }) => name)]),
      },
      include: { $ref: '#/definitions/patterns', ...documented(include) },
      exclude: { $ref: '#/definitions/patterns', ...documented(exclude) },
      assume: {
        type: 'object',
        ...documented(assume),
        additionalProperties: false,
        properties: {
          batchSize: { type: 'integer', minimum: 1, description: 'Samples a batch, where training does not tell.' },
          backend: {
            type: 'string',
            minLength: 1,
            examples: ['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow'],
            description: 'As if `tf.setBackend` had been called with it first.',
          },
        },
        patternProperties: {
          [ascii(PARAMETER)]: { description: 'What this parameter is worth where nobody in view calls the function.' },
        },
        defaultSnippets: [{ label: 'a parameter', body: { '${1:src/model.ts}#${2:build}(${3:inputSize})': 64 } }],
      },
    },
    definitions: {
      severity: { enum: SEVERITIES },
      patterns: {
        type: 'array',
        items: { type: 'string', not: { anyOf: REFUSED.map(({ form }) => ({ pattern: form.source })) } },
      },
    },
  };
}

function ruleSchema({ id, name, severity, off, summary }: Rule): object {
  const usual = off === true ? 'off' : severity;
  return {
    allOf: [{ $ref: '#/definitions/severity' }],
    default: usual,
    markdownDescription: `${id} [${name}](${rulePage(name)}), by default ${usual}: ${summary}.`,
  };
}

function documented(setting: { readonly description: string } | undefined): object {
  return { markdownDescription: setting?.description };
}

/** Schemas have expressions without flags: what a name may begin with is told by what it may not. */
function ascii(form: RegExp): string {
  return form.source
    .replaceAll('\\p{ID_Start}', '\\w\\u0080-\\uffff')
    .replaceAll('\\p{ID_Continue}', '\\w\\u0080-\\uffff');
}
