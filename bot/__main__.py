"""The `authbot` command, and `python -m bot`."""

import gc

from bot.memory import share_arenas, uncollected


def main() -> None:
    """Run the command line."""
    share_arenas()
    with uncollected():
        from bot.cli import main as run  # noqa: PLC0415 (here, so that importing is not interrupted)
    gc.freeze()
    run()


if __name__ == "__main__":
    main()
