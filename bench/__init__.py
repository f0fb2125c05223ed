"""Measurements. Each script prints a table; ratios are taken within one run, since machines are noisy."""
