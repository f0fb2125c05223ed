"""What the service does and how its sources stand: as JSON, for Prometheus, and over HTTP on loopback."""
