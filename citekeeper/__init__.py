"""Keep citations alive: audit the references of articles and keep them from rotting."""

__version__ = "0.1.0"
