"""What goes back to the departments: replies to single deliveries, notices of late ones, monthly scorecards."""
