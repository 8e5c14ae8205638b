"""What is found by words."""

__all__: list[str] = []
