import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../server';
import { diskHost } from './diskHost';

/** A bundle of its own, which the server in a browser loads too. */
const { createAnalyzer, rules }: typeof import('../../analyzer') = require('./analyzer.js');

startServer(createConnection(ProposedFeatures.all), diskHost(), createAnalyzer, rules);
