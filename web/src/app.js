// Small conveniences for every page; each works on its own, and every page works without them.
import { startConditions } from './app/conditions.js';
import { startCopy } from './app/copy.js';
import { startDrafts } from './app/drafts.js';
import { startMenus } from './app/menus.js';
import { startOnce } from './app/once.js';
import { startRows } from './app/rows.js';
import { startSummary } from './app/summary.js';
import { startTheme } from './app/theme.js';
import { startTotals } from './app/totals.js';
import { startUnsaved } from './app/unsaved.js';

for (const start of [
  startTheme,
  startMenus,
  startSummary,
  startConditions,
  startUnsaved,
  startDrafts,
  startOnce,
  startRows,
  startCopy,
  startTotals,
]) {
  start(document);
}
