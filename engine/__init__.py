"""流程引擎: runs any BPMN diagram. Knows no 督查 and no Flask, reads no clock, commits nothing."""
