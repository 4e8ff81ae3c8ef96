"""How the dashboard feels: times of filters in a real browser, bytes sent, memory."""
