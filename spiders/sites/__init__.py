"""A module for each site that the general spiders cannot serve."""
