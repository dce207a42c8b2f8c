"""Running the service: backup and restore, health and readiness."""
