"""BPMN 2.0 with the Camunda 7 profile: read, checked, compiled, executed. No database, no clock."""
