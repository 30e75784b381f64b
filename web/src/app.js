// Small conveniences for every page; each works on its own, and every page works without them.
import { startConditions } from './app/conditions.js';
import { startDrafts } from './app/drafts.js';
import { startOnce } from './app/once.js';
import { startTheme } from './app/theme.js';
import { startSummary } from './app/summary.js';
import { startCopy } from './app/copy.js';

for (const start of [startTheme, startSummary, startConditions, startDrafts, startOnce, startCopy]) start(document);
