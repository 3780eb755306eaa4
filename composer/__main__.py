"""Run the command line with `python -m composer`."""

from composer.cli import main

main()
