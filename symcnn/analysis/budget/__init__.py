"""Questions about budgets: the largest size, and the best configurations, within limits."""
