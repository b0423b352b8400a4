"""Databases and APIs: a pull becomes a file, and the desk takes it in like any delivered one."""
