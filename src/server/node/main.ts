import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createAnalyzer } from '../../analyzer';
import { startServer } from '../server';
import { diskHost } from './diskHost';

startServer(createConnection(ProposedFeatures.all), diskHost(), createAnalyzer);
