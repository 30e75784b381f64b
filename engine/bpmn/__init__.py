"""BPMN 2.0 with the Camunda 7 profile: read, checked, compiled to a `Program`, executed. Pure: no database, no clock."""
