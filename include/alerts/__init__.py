"""From findings to people's desks: deadlines in working days, and the lists that officers print."""
