"""What machines are told that read pages: which there are, and what they are about."""

__all__: list[str] = []
