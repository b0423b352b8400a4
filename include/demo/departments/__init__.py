"""What each department's system exports: one function a dataset, from the district's state to a table."""
