"""Real heads: models without a network, exact sparse attention, what each head tolerates."""
