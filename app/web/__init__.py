"""The service over HTTP: strict JSON in, an advice or a problem out."""
