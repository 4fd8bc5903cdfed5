"""The commands of vanban, a module each: `add(commands)` declares its arguments, `run(options)` gives the exit code.

What takes long to load is imported when a command runs, so that help and refusals come at once.
"""
