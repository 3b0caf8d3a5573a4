"""What the Python tests stand on: the server as a process, raw and friendly clients, generated pictures."""
