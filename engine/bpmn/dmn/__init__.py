"""Decision tables (DMN 1.1 to 1.3): read, checked, evaluated. Text in cells is FEEL's unary tests."""
