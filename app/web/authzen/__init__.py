"""The service as a Policy Decision Point of OpenID AuthZEN 1.0."""
