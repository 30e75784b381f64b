"""What each BPMN element does with a token: the library's `TaskSpec`, one file per family."""
