"""What readers get: reports, open data, documentation. Made from the marts of a release, which it only reads."""
