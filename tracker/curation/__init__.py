"""What people decide about events: rulings made, taken back, kept in a file."""
