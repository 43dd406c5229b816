"""What an operator needs: backups, figures, housekeeping, and what is wrong in sentences."""
