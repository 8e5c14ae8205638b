"""Plans beside others, and beside their earlier versions."""

__all__: list[str] = []
