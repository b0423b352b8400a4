"""The desk: a web page at which officers see the alerts of their own region and say what they found."""
