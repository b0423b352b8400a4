"""What people read each month: the figures of the report marts as sheets that can be filed."""
